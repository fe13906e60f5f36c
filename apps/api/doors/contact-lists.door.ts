import { DateOnly, OneOf } from '#nest/fields'
import { before, equals, listOf } from '#nest/list-of'
import { contactLog } from '#read-models/contact-log/projection'
import { contactTable } from '#read-models/contact-log/table'
import { inbox } from '#read-models/inbox/projection'
import { inboundMessageTable, waitingMessages } from '#read-models/inbox/table'
import { noticeCoverage } from '#read-models/notice-coverage/projection'
import { noticeTable } from '#read-models/notice-coverage/table'

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

const messages = { tag: 'contact', capability: 'RECORD_BASICS', projection: inbox, table: inboundMessageTable } as const
export const messageList = listOf({
  ...messages,
  operation: 'ContactLists.messages',
  path: 'messages',
  summary: 'What people wrote or left word of, and when it arrived; without what it says (C60)',
  filters: { state: equals('state', OneOf(['WAITING', 'HANDLED'], { optional: true })) },
})
export const messagesWaiting = listOf({
  ...messages,
  operation: 'ContactLists.waiting',
  path: 'messages/waiting',
  summary: 'The messages of which nobody has said yet what they are',
  forReader: () => waitingMessages,
})
export const noticesToProvide = listOf({
  operation: 'ContactLists.notices',
  tag: 'contact',
  path: 'notices-to-provide',
  summary: 'Who has not had the privacy notice that is in force, and by when those have to who had none (C61)',
  capability: 'RECEIVE_REFERRAL',
  opens: 'RECORD_BASICS',
  projection: noticeCoverage,
  table: noticeTable,
  forReader: (_reader, { noticeVersion }) => [
    [
      { column: 'notice_version', is: '<>', value: noticeVersion },
      { column: 'state', is: '<>', value: 'ERASED' },
    ],
  ],
  filters: {
    state: equals('state', OneOf(['NEVER_PROVIDED', 'PROVIDED'], { optional: true, description: 'PROVIDED: an older version.' })),
    dueBefore: before('due', DateOnly({ optional: true })),
  },
})
