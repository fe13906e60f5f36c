import { z } from 'zod'
import { type DataOfEvent, type EventOf, defineEvent } from '#event-kit/event'
import { code, flag, happenedAt, id, instant, list, optional, personal, policyCode, subject } from '#event-kit/field'
import { channels } from '../channels.js'
import { isSafeTime } from './safe-times.js'

/** C58: what somebody needs in order to be reached and understood. */
export const communicationNeeds = [
  'INTERPRETER',
  'SIGN_LANGUAGE',
  'LARGE_PRINT',
  'EASY_READ',
  'BRAILLE',
  'AUDIO',
  'HEARING_LOOP',
  'TEXT_RELAY',
  'STEP_FREE',
  'SOMEBODY_WITH_THEM',
] as const
export type CommunicationNeed = (typeof communicationNeeds)[number]

/**
 * C58: all that somebody said of how to be reached: it takes the place of what they said before. By which ways, in the clear, because
 * every contact is judged by it; when, and what they need, which says something of how they live, is sealed.
 */
export const ContactPreferencesSet = defineEvent('ContactPreferencesSet', {
  subjectRef: subject('SubjectRef'),
  saidAt: happenedAt(),
  allowed: list(code(...channels)),
  preferred: optional(code(...channels)),
  refused: list(code(...channels)),
  neverVoicemail: flag(),
  /** Whoever writes or calls does not say for which service, unless the person wants it. */
  discreet: flag(),
  safeTimes: optional(personal.value('subjectRef', 'CON', z.array(z.string().refine(isSafeTime)))),
  needs: optional(personal.value('subjectRef', 'CON', z.array(z.enum(communicationNeeds)))),
  language: optional(personal.text('subjectRef', 'CON')),
  otherNeeds: optional(personal.text('subjectRef', 'CON')),
})

/** C57: what somebody is contacted about. */
const aboutsOfVersion1 = ['PROGRESS', 'INTERVENTION', 'REMINDER', 'RIGHTS', 'BREACH', 'VITAL_INTERESTS'] as const
/** Version 2 of each contact knows that somebody asks whether the service is wanted (C12). */
export const contactAbouts = [...aboutsOfVersion1, 'SERVICE_WISH'] as const
export type ContactAbout = (typeof contactAbouts)[number]
export const contactUrgencies = ['ROUTINE', 'URGENT'] as const
export type ContactUrgency = (typeof contactUrgencies)[number]
/** What can stand in the way of a contact: the codes of the refusals. */
export const contactObstacles = [
  'NO_PERMITTED_CHANNEL',
  'CHANNEL_OPTED_OUT',
  'CHANNEL_NOT_FOR_URGENT',
  'OUTSIDE_SAFE_TIMES',
  'VOICEMAIL_OPTED_OUT',
  'HOME_VISIT_RISK_NOT_CHECKED',
  'VIDEO_NOT_AGREED',
] as const
export type ContactObstacle = (typeof contactObstacles)[number]

const ofContact = {
  subjectRef: subject('SubjectRef'),
  contactId: id('ContactId'),
  channel: code(...channels),
  about: code(...aboutsOfVersion1),
  urgency: code(...contactUrgencies),
  /** Whether a message is left where nobody answers. */
  message: flag(),
}
const about = code(...contactAbouts)
export type ContactId = DataOfEvent<typeof ContactPlanned>['contactId']
/** `despite`: what the person wished and what it goes ahead against, for a danger to life or a breach. */
const planned = { ...ofContact, plannedFor: instant(), despite: list(code(...contactObstacles)) }
export const ContactPlanned = defineEvent('ContactPlanned', planned)
  .next({ ...planned, about })
  .from(old => old)
/** It has happened; `against`: what should have stood in its way. */
const happened = {
  ...ofContact,
  contactedAt: happenedAt(),
  against: list(code(...contactObstacles)),
  note: optional(personal.text('subjectRef', 'CORR')),
}
export const ContactMade = defineEvent('ContactMade', happened)
  .next({ ...happened, about })
  .from(old => old)
export const contactFailures = ['NO_ANSWER', 'NOT_DELIVERED', 'NOT_THERE', 'WRONG_PERSON'] as const
export type ContactFailure = (typeof contactFailures)[number]
const failed = { ...happened, outcome: code(...contactFailures) }
export const ContactFailed = defineEvent('ContactFailed', failed)
  .next({ ...failed, about })
  .from(old => old)

const ofMessage = { subjectRef: subject('SubjectRef'), messageId: id('MessageId') }
/** C60: it counts from its arrival, whenever somebody reads it. */
export const InboundMessageReceived = defineEvent('InboundMessageReceived', {
  ...ofMessage,
  channel: code(...channels),
  receivedAt: happenedAt(),
  words: optional(personal.text('subjectRef', 'CORR')),
})
/** What a message was. What it asks for beside an erasure has a command of its own. */
export const messageKinds = [
  'ERASURE_REQUEST',
  'OTHER_RIGHT',
  'WITHDRAWAL',
  'COMPLAINT',
  'SAFEGUARDING',
  'ANSWERED',
  'NOTHING_ASKED',
] as const
export type MessageKind = (typeof messageKinds)[number]
export const InboundMessageHandled = defineEvent('InboundMessageHandled', { ...ofMessage, as: code(...messageKinds) })

/** C61: UK GDPR Articles 13 and 14. */
export const PrivacyNoticeProvided = defineEvent('PrivacyNoticeProvided', {
  subjectRef: subject('SubjectRef'),
  noticeVersion: policyCode(),
  channel: code(...channels),
  providedAt: happenedAt(),
})

export const contactEvents = [
  ContactPreferencesSet,
  ContactPlanned,
  ContactMade,
  ContactFailed,
  InboundMessageReceived,
  InboundMessageHandled,
  PrivacyNoticeProvided,
] as const
export type ContactEvent = EventOf<(typeof contactEvents)[number]>
