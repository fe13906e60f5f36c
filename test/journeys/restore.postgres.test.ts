import { onPostgres } from '../support/journeys.js'

await onPostgres(() => import('./restore.journey.js'))
