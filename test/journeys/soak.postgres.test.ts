import { onPostgres } from '../support/journeys.js'

await onPostgres(() => import('./soak.journey.js'))
