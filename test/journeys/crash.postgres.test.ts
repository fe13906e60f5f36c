import { onPostgres } from '../support/journeys.js'

await onPostgres(() => import('./crash.journey.js'))
