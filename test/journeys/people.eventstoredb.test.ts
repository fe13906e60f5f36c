import { onEventStoreDb } from '../support/journeys.js'

await onEventStoreDb(() => import('./people.journey.js'))
