import { onEventStoreDb } from '../support/journeys.js'

await onEventStoreDb(() => import('./restore.journey.js'))
