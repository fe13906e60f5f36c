import { onEventStoreDb } from '../support/journeys.js'

await onEventStoreDb(() => import('./story.journey.js'))
