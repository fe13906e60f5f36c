import { type At, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { type Category, categoryOf } from '#event-kit/scope'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { intakeBasis } from '../intake/intake.js'
import { type Person, person } from '../person.js'
import { factKinds } from '../standing/facts.js'
import { RecordedInError } from './events.js'

export type MarkRecordedInError = Omit<DataOfEvent<typeof RecordedInError>, 'markedAt'> & {
  /** Now unless told. */
  readonly markedAt?: string | undefined
}
/** By the row of the category: whoever records it withdraws it. */
export type ErrorFacts = At & { readonly mayRecord: (category: Category) => boolean }

/**
 * K20: what should never have been recorded, or was recorded of somebody else, is withdrawn by its event: details, a standing fact, or the
 * end of one. From then on it is not shown, shared or found any more; the history keeps it, sealed. A death has a command of its own.
 */
export const markRecordedInError = command({
  name: 'MarkRecordedInError',
  clauses: ['C07', 'C63'],
  says: 'Withdraw what was recorded in error, by the event that says it',
  aggregate: person,
  streamId: ({ subjectRef }: MarkRecordedInError) => subjectRef,
  capability: ['RECORD_BASICS', 'RECORD_HEALTH', 'RECORD_DEMOGRAPHICS', 'RECORD_RISK'],
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  // It says nothing of anybody but that something is not so.
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'ROLE_NOT_PERMITTED'],
  decide:
    (error: MarkRecordedInError, { mayRecord, now }: ErrorFacts) =>
    person => {
      const said = saidBy(person, error.withdrawn)
      if (said.length === 0) return refused('NOT_FOUND')
      return said.every(mayRecord)
        ? accept([RecordedInError.of({ ...error, markedAt: earlierOf(error.markedAt ?? now, now) })])
        : refused('ROLE_NOT_PERMITTED')
    },
})

/** The categories of what an event says that still stands. */
function saidBy({ held, facts }: Person, event: string): readonly Category[] {
  const details = [...held].filter(([, one]) => one.isDetail && one.eventId === event).map(([field]) => categoryOf(field))
  const standing = Object.values(facts)
    .filter(({ kind, eventId, endEventId }) => kind !== 'DEATH' && (eventId === event || endEventId === event))
    .map(({ kind }) => factKinds[kind])
  return [...details, ...standing]
}
