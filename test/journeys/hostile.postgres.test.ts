import { onOwnPostgres } from '../support/journeys.js'

await onOwnPostgres(() => import('./hostile.journey.js'))
