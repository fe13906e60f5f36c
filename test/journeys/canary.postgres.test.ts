import { onPostgres } from '../support/journeys.js'

await onPostgres(() => import('./canary.journey.js'))
