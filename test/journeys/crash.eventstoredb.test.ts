import { onEventStoreDb } from '../support/journeys.js'

await onEventStoreDb(() => import('./crash.journey.js'))
