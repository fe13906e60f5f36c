import { onPostgres } from '../support/journeys.js'

await onPostgres(() => import('./hub.journey.js'))
