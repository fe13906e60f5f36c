import { command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { hearingAnObjection } from '../objecting.js'
import { person } from '../person.js'
import { EqualityOptOutEnded, EqualityOptOutReceived } from './events.js'

export type ReceiveEqualityOptOut = DataOfEvent<typeof EqualityOptOutReceived>
/** C08: whoever wants no equality monitoring has none (Schedule 1 ¶8(4)): what was recorded is held no more, and nothing is added. */
export const receiveEqualityOptOut = command({
  name: 'ReceiveEqualityOptOut',
  clauses: ['C08', 'C67'],
  says: 'Receive that somebody wants no equality monitoring; never refused',
  ...hearingAnObjection,
  streamId: ({ subjectRef }: ReceiveEqualityOptOut) => subjectRef,
  refusals: ['NOT_FOUND'],
  decide:
    (said: ReceiveEqualityOptOut) =>
    ({ intake }) =>
      intake.referral ? accept([EqualityOptOutReceived.of(said)]) : refused('NOT_FOUND'),
})

export type EndEqualityOptOut = DataOfEvent<typeof EqualityOptOutEnded>
/** C08: of the person’s own accord. What was held before does not come back: they are asked again. */
export const endEqualityOptOut = command({
  name: 'EndEqualityOptOut',
  clauses: ['C08'],
  says: 'Record that somebody agrees to equality monitoring again',
  aggregate: person,
  streamId: ({ subjectRef }: EndEqualityOptOut) => subjectRef,
  capability: 'RECORD_DEMOGRAPHICS',
  purpose: 'SERVICE_PROVISION',
  basis: { art6: 'f' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND'],
  decide:
    (said: EndEqualityOptOut) =>
    ({ intake }) =>
      intake.referral ? accept([EqualityOptOutEnded.of(said)]) : refused('NOT_FOUND'),
})
