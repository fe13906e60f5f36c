import { yearsAfter } from '#calendar/statutory-periods'
import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { RetentionCancelled, type RetentionEvent, RetentionScheduled } from './events.js'

/** Until when what is held of somebody who stopped using the service is kept. Of whoever uses it, nothing is scheduled. */
export type Retention = Omit<DataOfEvent<typeof RetentionScheduled>, 'subjectRef'>
/** Of the retention policy in force: which, and how long it has data kept. */
export type RetentionRule = { readonly version: string; readonly years: number }

export const evolveRetention: Evolve<Retention | undefined, RetentionEvent> = {
  RetentionScheduled: (_, { subjectRef: _person, ...scheduled }) => scheduled,
  RetentionCancelled: () => undefined,
}

type Ended = Pick<DataOfEvent<typeof RetentionScheduled>, 'subjectRef' | 'episodeId' | 'endedOn'>
/** C52: so many years from the last day on which the service was used, and not a day longer. */
export const scheduled = ({ subjectRef, episodeId, endedOn }: Ended, { version, years }: RetentionRule) =>
  RetentionScheduled.of({ subjectRef, episodeId, endedOn, expires: yearsAfter(endedOn, years), retentionVersion: version })

/** Nothing where nothing was scheduled: of somebody who still uses the service, or stopped before this was recorded. */
export const cancelledRetention = (
  retention: Retention | undefined,
  of: Pick<DataOfEvent<typeof RetentionCancelled>, 'subjectRef' | 'reason' | 'at'>,
) => (retention ? [RetentionCancelled.of({ ...of, episodeId: retention.episodeId })] : [])
