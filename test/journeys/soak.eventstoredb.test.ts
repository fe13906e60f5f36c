import { onEventStoreDb } from '../support/journeys.js'

await onEventStoreDb(() => import('./soak.journey.js'))
