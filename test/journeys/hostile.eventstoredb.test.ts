import { onEventStoreDb } from '../support/journeys.js'

await onEventStoreDb(() => import('./hostile.journey.js'))
