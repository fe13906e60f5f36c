import { type At, command, noCategories, writeRules } from '#decider/command'
import type { HolidayCalendar } from '#calendar/statutory-periods'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { type RequestErasure, requestErasure } from '../erasure/request-erasure.js'
import { person } from '../person.js'
import { InboundMessageHandled } from './events.js'

export type HandleInboundMessage = DataOfEvent<typeof InboundMessageHandled> & {
  /** Of a request for erasure: what it says. When it came, and by which way, the message says. */
  readonly request?: Omit<RequestErasure, 'subjectRef' | 'receivedAt' | 'channel'> | undefined
}

/**
 * C60: somebody has read a message. A request for erasure that it holds is received with the message: its month counts from the arrival,
 * not from the reading, and nobody can say otherwise.
 */
export const handleInboundMessage = command({
  name: 'HandleInboundMessage',
  clauses: ['C60', 'C64'],
  says: 'Say what a message was, and receive the request that it holds as of its arrival',
  aggregate: person,
  streamId: ({ subjectRef }: HandleInboundMessage) => subjectRef,
  capability: 'RECEIVE_RIGHTS_REQUEST',
  purpose: 'RIGHTS_FULFILMENT',
  basis: { art6: 'c' },
  categories: noCategories,
  // A request that it holds is never refused.
  exemptFrom: writeRules,
  refusals: ['NOT_FOUND', 'MESSAGE_HANDLED'],
  decide:
    ({ request, ...handled }: HandleInboundMessage, facts: At & { readonly calendar: HolidayCalendar }) =>
    person => {
      const { subjectRef, messageId } = handled
      const message = person.contact.messages[messageId]
      if (!message) return refused('NOT_FOUND')
      if (message.handled) return refused('MESSAGE_HANDLED')
      const { channel, receivedAt } = message
      const received = request ? requestErasure.decide({ ...request, subjectRef, channel, receivedAt }, facts)(person) : accept([])
      return received.ok ? accept([InboundMessageHandled.of(handled), ...received.value]) : received
    },
})
