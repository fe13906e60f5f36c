import { onPostgres } from '../support/journeys.js'

await onPostgres(() => import('./people.journey.js'))
