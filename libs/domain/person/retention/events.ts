import { type EventOf, defineEvent } from '#event-kit/event'
import { code, date, id, instant, policyCode, subject } from '#event-kit/field'

const ofEpisode = { subjectRef: subject('SubjectRef'), episodeId: id('EpisodeId') }
/** C51, C52: until when data is kept, by the policy that was in force when the end of the service was recorded. */
export const RetentionScheduled = defineEvent('RetentionScheduled', {
  ...ofEpisode,
  endedOn: date(),
  /** The last day on which it is kept, in Europe/London: from the next day on it is to be destroyed. */
  expires: date(),
  retentionVersion: policyCode(),
})
/** The person came back, or nothing of theirs is left to keep. */
export const RetentionCancelled = defineEvent('RetentionCancelled', {
  ...ofEpisode,
  reason: code('SERVICE_RESUMED', 'DATA_ERASED'),
  at: instant(),
})

export const retentionEvents = [RetentionScheduled, RetentionCancelled] as const
export type RetentionEvent = EventOf<(typeof retentionEvents)[number]>
