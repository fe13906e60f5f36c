import { onEventStoreDb } from '../support/journeys.js'

await onEventStoreDb(() => import('./canary.journey.js'))
