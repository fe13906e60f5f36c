import { command, noCategories, writeRules } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { person, standingOf } from '../person.js'
import { InboundMessageReceived } from './events.js'

export type RecordInboundMessage = DataOfEvent<typeof InboundMessageReceived>

/**
 * C60: that somebody wrote or left word, and when it arrived, whoever finds it whenever. It may hold a request that is never refused, so
 * neither is this. Of somebody who is erased the words are not kept: there is no key for them, and a request has its own.
 */
export const recordInboundMessage = command({
  name: 'RecordInboundMessage',
  clauses: ['C60'],
  says: 'Record that somebody wrote or left word, and when it arrived; never refused for the state of the record',
  aggregate: person,
  streamId: ({ subjectRef }: RecordInboundMessage) => subjectRef,
  capability: 'RECEIVE_RIGHTS_REQUEST',
  purpose: 'RIGHTS_FULFILMENT',
  basis: { art6: 'c' },
  categories: noCategories,
  // It may hold what is never refused, and nobody has read it yet.
  exemptFrom: writeRules,
  refusals: ['NOT_FOUND'],
  decide:
    ({ words, ...message }: RecordInboundMessage) =>
    person =>
      person.intake.referral
        ? accept([InboundMessageReceived.of({ ...message, words: standingOf(person).erased ? undefined : words })])
        : refused('NOT_FOUND'),
})
