import { channels } from '#domain/person/channels'
import { contactAbouts, contactUrgencies } from '#domain/person/contact/events'
import { clear, declareTable, maybe } from '#projections/table'

export const contactTable = declareTable({
  name: 'contact',
  item: 'ContactItem',
  names: 'ID.name',
  key: 'contact_id',
  subject: 'subject_ref',
  columns: {
    contact_id: clear('uuid'),
    subject_ref: clear('uuid'),
    state: clear('text', { oneOf: ['PLANNED', 'MADE', 'FAILED'] }),
    channel: clear('text', { oneOf: channels }),
    about: clear('text', { oneOf: contactAbouts }),
    urgency: clear('text', { oneOf: contactUrgencies }),
    at: clear('timestamptz(3)', { description: 'When it was, or is planned for.' }),
    outcome: maybe('text', { description: 'Of one that did not reach the person.' }),
    wishes: clear('text', { oneOf: ['KEPT', 'NOT_KEPT'], description: 'NOT_KEPT: it was, or is planned, against something: see against.' }),
    against: clear('text[]', { description: 'What the person wished, or what should have been looked at first.' }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position'], ['subject_ref', 'position'], ['wishes', 'position']],
})
