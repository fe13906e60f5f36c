import { onEventStoreDb } from '../support/journeys.js'

await onEventStoreDb(() => import('./hub.journey.js'))
