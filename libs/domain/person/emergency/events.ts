import { type EventOf, defineEvent } from '#event-kit/event'
import { category, code, date, fieldCode, group, happenedAt, id, list, optional, personal, policyCode, subject } from '#event-kit/field'
import { disclosureMethods } from '../disclosure/events.js'

/** Who was told. Whoever stands in no list is OTHER, and named in sealed words. */
export const emergencyRecipients = [
  'AMBULANCE',
  'POLICE',
  'FIRE_AND_RESCUE',
  'COASTGUARD',
  'HOSPITAL',
  'CRISIS_TEAM',
  'SOCIAL_SERVICES',
  'PERSON_IN_DANGER',
  'OTHER',
] as const
export type EmergencyRecipient = (typeof emergencyRecipients)[number]
/** Article 9(2)(c): health data may be told on this ground where the person could not consent. It is for the review, and stops nothing. */
export const abilitiesToConsent = ['ABLE', 'NOT_ABLE', 'NOT_KNOWN'] as const
export type AbilityToConsent = (typeof abilitiesToConsent)[number]
/** What the Caldicott Guardian finds: it had to be told; or nobody's vital interests were at stake, and it needed another ground. */
export const emergencyOutcomes = ['NECESSARY', 'VITAL_INTERESTS_NOT_MET'] as const
export type EmergencyOutcome = (typeof emergencyOutcomes)[number]

/** C26: somebody's life, or serious harm, was at stake, and somebody was told. What was told was told: the rules stop none of it. */
export const EmergencyDisclosureMade = defineEvent('EmergencyDisclosureMade', {
  disclosureId: id('DisclosureId'),
  subjectRef: subject('SubjectRef'),
  madeAt: happenedAt(),
  recipient: code(...emergencyRecipients),
  recipientContact: optional(personal.text('subjectRef', 'NARR')),
  method: code(...disclosureMethods),
  categories: list(category()),
  /** Of the field schemas in force. */
  fields: list(fieldCode()),
  /** What else was told: no field has a name for it. */
  told: optional(personal.text('subjectRef', 'NARR')),
  /** Fields that were named and stand in no schema: a name that anybody can choose is a word like any other. */
  otherFields: optional(personal.text('subjectRef', 'NARR')),
  necessity: personal.text('subjectRef', 'NARR'),
  abilityToConsent: code(...abilitiesToConsent),
  basis: group({ art6: code('d'), art9: optional(policyCode()), sch1: optional(policyCode()) }),
  notification: code('INFORM_AFTER'),
  matrixVersion: policyCode(),
  /** Rules of the matrix that it went ahead of: for the review. */
  reviewItems: list(policyCode()),
  /** The Caldicott Guardian reviews it by then: one working day. */
  reviewDue: date(),
  calendarVersion: policyCode(),
})
/** C26: the Caldicott Guardian has looked at it afterwards. */
export const EmergencyDisclosureReviewed = defineEvent('EmergencyDisclosureReviewed', {
  disclosureId: id('DisclosureId'),
  subjectRef: subject('SubjectRef'),
  outcome: code(...emergencyOutcomes),
  reasons: personal.text('subjectRef', 'EVID'),
  reviewedAt: happenedAt(),
})

export const emergencyEvents = [EmergencyDisclosureMade, EmergencyDisclosureReviewed] as const
export type EmergencyEvent = EventOf<(typeof emergencyEvents)[number]>
