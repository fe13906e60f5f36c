import type { ContactMade, ContactObstacle } from '#domain/person/contact/events'
import { personConcerns } from '#domain/person/person'
import type { Meta } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { nothing, rowProjection } from '#projections/projection'
import { contactTable } from './table.js'

type Row = Parameters<typeof contactTable.put>[0]
type Said = Pick<DataOfEvent<typeof ContactMade>, 'contactId' | 'subjectRef' | 'channel' | 'about' | 'urgency'>
const rowOf = (
  { contactId, subjectRef, channel, about, urgency }: Said,
  against: readonly ContactObstacle[],
  { position }: Meta,
  rest: Pick<Row, 'state' | 'at' | 'outcome'>,
) =>
  contactTable.put({
    contact_id: contactId,
    subject_ref: subjectRef,
    channel,
    about,
    urgency,
    wishes: against.length === 0 ? 'KEPT' : 'NOT_KEPT',
    against,
    position,
    ...rest,
  })

/** C57: who is to be contacted, who was, and what of it was against a wish. One that was planned is told once: as what became of it. */
export const contactLog = rowProjection({
  name: 'contact-log',
  concerns: [personConcerns.contact],
  tables: [contactTable],
  on: {
    ContactPreferencesSet: nothing,
    InboundMessageReceived: nothing,
    InboundMessageHandled: nothing,
    PrivacyNoticeProvided: nothing,
    ContactPlanned: (data, meta) => rowOf(data, data.despite, meta, { state: 'PLANNED', at: data.plannedFor, outcome: null }),
    ContactMade: (data, meta) => rowOf(data, data.against, meta, { state: 'MADE', at: data.contactedAt, outcome: null }),
    ContactFailed: (data, meta) => rowOf(data, data.against, meta, { state: 'FAILED', at: data.contactedAt, outcome: data.outcome }),
  },
})
