import { OneOf } from '#nest/fields'
import { equals, listOf } from '#nest/list-of'
import { contactLog } from '#read-models/contact-log/projection'
import { contactTable } from '#read-models/contact-log/table'

export const contactList = listOf({
  operation: 'ContactLists.contacts',
  tag: 'contact',
  path: 'contacts',
  summary: 'Who is to be contacted, who was, and what of it was against a wish (C57, C58, C59); without what was said',
  capability: 'RECORD_BASICS',
  projection: contactLog,
  table: contactTable,
  filters: {
    state: equals('state', OneOf(['PLANNED', 'MADE', 'FAILED'], { optional: true })),
    wishes: equals('wishes', OneOf(['KEPT', 'NOT_KEPT'], { optional: true })),
  },
})
