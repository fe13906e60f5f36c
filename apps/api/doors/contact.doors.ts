import { fold } from '#decider/decider'
import { permittedBy } from '#domain/person/contact/contact'
import { planContact } from '#domain/person/contact/plan-contact'
import { recordContact } from '#domain/person/contact/record-contact'
import { setContactPreferences } from '#domain/person/contact/set-contact-preferences'
import { person } from '#domain/person/person'
import { doorOf } from '#nest/door-of'
import { ContactAnswer, ContactPlanAnswer, PreferencesAnswer } from '../answers.js'
import { HappenedContactBody, PlannedContactBody, PreferencesBody, happenedIn, plannedIn, preferencesIn } from '../bodies/contact.js'
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
