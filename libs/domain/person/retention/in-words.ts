import type { InWords } from '#event-kit/in-words'
import type { RetentionEvent } from './events.js'

export const retentionInWords: InWords<RetentionEvent> = {
  RetentionScheduled: ({ expires, retentionVersion }) =>
    `What is held is kept until ${expires}, by the retention policy ${retentionVersion}.`,
  RetentionCancelled: ({ reason }) =>
    reason === 'SERVICE_RESUMED' ? 'The service is used again: no end is set for keeping data.' : 'Nothing is left to keep.',
}
