import { onEventStoreDb } from '../support/journeys.js'

await onEventStoreDb(() => import('./fuzz.journey.js'))
