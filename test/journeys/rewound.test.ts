import { onOwnPostgres } from '../support/journeys.js'

await onOwnPostgres(() => import('./rewound.journey.js'))
