import { channels } from '#domain/person/channels'
import { messageKinds } from '#domain/person/contact/events'
import type { Condition } from '#projections/question'
import { clear, declareTable, maybe } from '#projections/table'

export const inboundMessageTable = declareTable({
  name: 'inbound_message',
  item: 'InboundMessageItem',
  names: 'ID.name',
  key: 'message_id',
  subject: 'subject_ref',
  columns: {
    message_id: clear('uuid'),
    subject_ref: clear('uuid'),
    state: clear('text', { oneOf: ['WAITING', 'HANDLED'] }),
    channel: clear('text', { oneOf: channels }),
    received_at: clear('timestamptz(3)', { description: 'When it arrived: what it asks for counts from then.' }),
    handled_as: maybe('text', { oneOf: messageKinds }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position']],
})

/** The messages of which nobody has said yet what they are. */
export const waitingMessages: readonly (readonly Condition<typeof inboundMessageTable>[])[] = [
  [{ column: 'state', is: '=', value: 'WAITING' }],
]
