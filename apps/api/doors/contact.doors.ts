import { fold } from '#decider/decider'
import { permittedBy } from '#domain/person/contact/contact'
import { handleInboundMessage } from '#domain/person/contact/handle-inbound-message'
import { planContact } from '#domain/person/contact/plan-contact'
import { providePrivacyNotice } from '#domain/person/contact/provide-privacy-notice'
import { recordContact } from '#domain/person/contact/record-contact'
import { recordInboundMessage } from '#domain/person/contact/record-inbound-message'
import { setContactPreferences } from '#domain/person/contact/set-contact-preferences'
import { person } from '#domain/person/person'
import { doorOf } from '#nest/door-of'
import { ContactAnswer, ContactPlanAnswer, MessageAnswer, MessageHandledAnswer, PreferencesAnswer, ofSubject } from '../answers.js'
import {
  HappenedContactBody,
  MessageBody,
  MessageHandlingBody,
  NoticeBody,
  PlannedContactBody,
  PreferencesBody,
  happenedIn,
  messageIn,
  requestOf,
  plannedIn,
  preferencesIn,
} from '../bodies/contact.js'
import { SafeTimes } from '../preparations/at-safe-time.js'

const tag = 'contact'

export const setContactPreferencesDoor = doorOf(tag, setContactPreferences, {
  path: 'subjects/:subjectRef/contact-preferences',
  body: PreferencesBody,
  input: (body, ids) => ({ ...preferencesIn(body), ...ids }),
  answers: PreferencesAnswer,
  answer: ({ subjectRef }, events, found) => ({ subjectRef, permitted: permittedBy(fold(person.evolve, found, events).contact) }),
})

export const planContactDoor = doorOf(tag, planContact, {
  path: 'subjects/:subjectRef/contact-plans',
  creates: true,
  body: PlannedContactBody,
  prepare: SafeTimes,
  input: (body, ids, mint) => ({ ...plannedIn(body), ...ids, contactId: mint('contact') }),
  fields: {
    CHANNEL_OPTED_OUT: 'channel',
    CHANNEL_NOT_FOR_URGENT: 'channel',
    HOME_VISIT_RISK_NOT_CHECKED: 'channel',
    VIDEO_NOT_AGREED: 'channel',
    OUTSIDE_SAFE_TIMES: 'plannedFor',
    VOICEMAIL_OPTED_OUT: 'message',
  },
  answers: ContactPlanAnswer,
  answer: ({ subjectRef, contactId }, events) => ({
    subjectRef,
    contactId,
    despite: events.find(event => event.type === 'ContactPlanned')?.data.despite ?? [],
  }),
})
export const recordContactDoor = doorOf(tag, recordContact, {
  path: 'subjects/:subjectRef/contacts',
  creates: true,
  body: HappenedContactBody,
  prepare: SafeTimes,
  input: (body, ids, mint) => ({ ...happenedIn(body), ...ids, contactId: mint('contact') }),
  answers: ContactAnswer,
  answer: ({ subjectRef, contactId, planned }, events) => ({
    subjectRef,
    contactId: planned ?? contactId,
    against: events.flatMap(event => (event.type === 'ContactMade' || event.type === 'ContactFailed' ? event.data.against : [])),
  }),
})

export const recordInboundMessageDoor = doorOf(tag, recordInboundMessage, {
  path: 'subjects/:subjectRef/messages',
  creates: ({ subjectRef, messageId }) => `/v1/subjects/${subjectRef}/messages/${messageId}/words`,
  body: MessageBody,
  input: (body, ids, mint) => ({ ...messageIn(body), ...ids, messageId: mint('message') }),
  answers: MessageAnswer,
  answer: ({ subjectRef, messageId }) => ({ subjectRef, messageId }),
})
export const handleInboundMessageDoor = doorOf(tag, handleInboundMessage, {
  path: 'subjects/:subjectRef/messages/:messageId/handling',
  body: MessageHandlingBody,
  input: (body, ids, mint) => {
    const request = requestOf(body)
    return { as: body.as, ...ids, request: request && { ...request, requestId: mint('request') } }
  },
  facts: ({ calendar }) => ({ calendar }),
  answers: MessageHandledAnswer,
  answer: ({ subjectRef, messageId }, events) => {
    const due = events.find(event => event.type === 'ErasureRequested')?.data.due
    return { subjectRef, messageId, ...(due === undefined ? {} : { due }) }
  },
})
export const providePrivacyNoticeDoor = doorOf(tag, providePrivacyNotice, {
  path: 'subjects/:subjectRef/notices',
  body: NoticeBody,
  facts: ({ noticeVersions }) => ({ noticeVersions }),
  fields: { NOTICE_VERSION_UNKNOWN: 'noticeVersion' },
  ...ofSubject,
})
