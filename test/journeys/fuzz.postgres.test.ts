import { onOwnPostgres } from '../support/journeys.js'

await onOwnPostgres(() => import('./fuzz.journey.js'))
