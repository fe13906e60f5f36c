import { personConcerns } from '#domain/person/person'
import { nothing, rowProjection } from '#projections/projection'
import { inboundMessageTable } from './table.js'

const { put, patch } = inboundMessageTable

/** C60: what has arrived, and what of it nobody has read. */
export const inbox = rowProjection({
  name: 'inbox',
  concerns: [personConcerns.contact],
  tables: [inboundMessageTable],
  on: {
    ContactPreferencesSet: nothing,
    ContactPlanned: nothing,
    ContactMade: nothing,
    ContactFailed: nothing,
    PrivacyNoticeProvided: nothing,
    InboundMessageReceived: ({ messageId, subjectRef, channel, receivedAt }, { position }) =>
      put({
        message_id: messageId,
        subject_ref: subjectRef,
        state: 'WAITING',
        channel,
        received_at: receivedAt,
        handled_as: null,
        position,
      }),
    InboundMessageHandled: ({ messageId, as }) => patch(messageId, { state: 'HANDLED', handled_as: as }),
  },
})
