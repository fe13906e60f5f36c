import { type At, command, noCategories, writeRules } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { earlierOf, isEarlier } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { person, standingOf } from '../person.js'
import { SafeguardingConcernClosed, SafeguardingConcernRaised } from './events.js'

const ofConcern = { purpose: 'SAFEGUARDING', basis: { art6: 'f', art9: '9-2-g', sch1: 'para-18' } } as const

export type RaiseSafeguardingConcern = Omit<DataOfEvent<typeof SafeguardingConcernRaised>, 'raisedAt'> & {
  /** Now unless told. */
  readonly raisedAt?: string | undefined
}

/**
 * C21: whoever works here says that somebody may be in danger, or a danger. While it is open, it holds up an erasure for a few days (C13)
 * and lets social care be told (C28). Of somebody who is erased the words are not kept: there is no key for them.
 */
export const raiseSafeguardingConcern = command({
  name: 'RaiseSafeguardingConcern',
  clauses: ['C13', 'C21'],
  says: 'Raise a safeguarding concern; never refused for role, training, paperwork or the state of the record',
  aggregate: person,
  streamId: ({ subjectRef }: RaiseSafeguardingConcern) => subjectRef,
  capability: 'RAISE_SAFEGUARDING_CONCERN',
  ...ofConcern,
  categories: noCategories,
  // Receiving a concern is never refused.
  exemptFrom: writeRules,
  refusals: ['NOT_FOUND'],
  decide:
    ({ words, raisedAt, ...concern }: RaiseSafeguardingConcern, { now }: At) =>
    person => {
      if (!person.intake.referral) return refused('NOT_FOUND')
      const raised = { ...concern, raisedAt: earlierOf(raisedAt ?? now, now), words: standingOf(person).erased ? undefined : words }
      return accept([SafeguardingConcernRaised.of(raised)])
    },
})

export type CloseSafeguardingConcern = Omit<DataOfEvent<typeof SafeguardingConcernClosed>, 'closedAt'> & {
  /** Now unless told. */
  readonly closedAt?: string | undefined
}

/** C21: somebody has looked at it, and says what came of it. Of somebody who was erased it is closed without words. */
export const closeSafeguardingConcern = command({
  name: 'CloseSafeguardingConcern',
  clauses: ['C21'],
  says: 'Close a safeguarding concern, with what came of it',
  aggregate: person,
  streamId: ({ subjectRef }: CloseSafeguardingConcern) => subjectRef,
  capability: 'RECORD_RISK',
  ...ofConcern,
  categories: () => ['SG'],
  // What was raised whatever the state of the record is closed whatever it is, and what protects somebody waits for no paperwork.
  exemptFrom: ['W3', 'W6', 'W7'],
  refusals: ['NOT_FOUND', 'FACT_ENDED', 'DAYS_OUT_OF_ORDER'],
  decide:
    ({ words, closedAt: told, ...closing }: CloseSafeguardingConcern, { now }: At) =>
    person => {
      const concern = person.facts[closing.factId]
      if (concern?.kind !== 'SAFEGUARDING_CONCERN') return refused('NOT_FOUND')
      if (concern.endedOn !== undefined) return refused('FACT_ENDED')
      const closedAt = earlierOf(told ?? now, now)
      if (isEarlier(closedAt, concern.from)) return refused('DAYS_OUT_OF_ORDER')
      return accept([SafeguardingConcernClosed.of({ ...closing, closedAt, words: standingOf(person).erased ? undefined : words })])
    },
})
