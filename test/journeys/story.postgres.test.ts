import { onPostgres } from '../support/journeys.js'

await onPostgres(() => import('./story.journey.js'))
