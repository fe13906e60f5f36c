import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { subjectRef } from '../invented.js'
import { RetentionCancelled, type RetentionEvent, RetentionScheduled } from './events.js'

const ofEpisode = { subjectRef, episodeId: inventedId(8) }

/** One example of every event of this concern, every optional field filled. */
export const retentionExamples = {
  RetentionScheduled: RetentionScheduled.of({ ...ofEpisode, endedOn: '2026-11-01', expires: '2036-11-01', retentionVersion: 'RET-1' }),
  RetentionCancelled: RetentionCancelled.of({ ...ofEpisode, reason: 'SERVICE_RESUMED', at }),
} satisfies ExampleOfEach<RetentionEvent>
