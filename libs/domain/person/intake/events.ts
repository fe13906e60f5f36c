import { type EventOf, defineEvent } from '#event-kit/event'
import { code, count, flag, group, happenedAt, id, instant, optional, personal, policyCode, subject } from '#event-kit/field'
import { channels } from '../channels.js'

/** C10: who may refer. */
export const referralSources = ['SELF', 'DWP-JCP', 'STARS'] as const
export type ReferralSource = (typeof referralSources)[number]
/** C01 */
export const serviceAreas = ['GATESHEAD', 'SOUTH_TYNESIDE'] as const
export type ServiceArea = (typeof serviceAreas)[number]

export const ReferralReceived = defineEvent('ReferralReceived', {
  referralId: id('ReferralId'),
  subjectRef: subject('SubjectRef'),
  source: code(...referralSources),
  channel: code(...channels),
  serviceArea: code(...serviceAreas),
  receivedAt: happenedAt(),
  wish: code('YES', 'UNKNOWN'),
  wishClaimed: code('YES', 'UNKNOWN'),
  confirmedNotDuplicate: flag(),
  person: group({
    name: personal.text('subjectRef', 'REF'),
    dateOfBirth: optional(personal.date('subjectRef', 'REF')),
    nhsNumber: optional(personal.text('subjectRef', 'REF')),
    phone: optional(personal.text('subjectRef', 'REF')),
    email: optional(personal.text('subjectRef', 'REF')),
    address: optional(personal.text('subjectRef', 'REF')),
  }),
  reason: optional(personal.text('subjectRef', 'REF')),
})

const wishFields = {
  referralId: id('ReferralId'),
  subjectRef: subject('SubjectRef'),
  channel: code(...channels),
  note: optional(personal.text('subjectRef', 'REF')),
}
/** Version 2 of both says when it was said; what was stored before happened, as far as it is known, when it was recorded. */
const saidAt = optional(happenedAt())
export const ServiceWishConfirmed = defineEvent('ServiceWishConfirmed', wishFields)
  .next({ ...wishFields, saidAt })
  .from(old => old)
export const decliners = ['PERSON', 'REFERRER', 'OTHER'] as const
export type Decliner = (typeof decliners)[number]
const declined = { ...wishFields, declinedBy: code(...decliners) }
/** C13: only the person's own no erases. */
export const ServiceDeclined = defineEvent('ServiceDeclined', declined)
  .next({ ...declined, saidAt })
  .from(old => old)

/** C12: somebody is to ask the person themselves, by ways that are safe, and until when. Asked for again, it is somebody else who asks. */
export const ServiceWishCheckRequested = defineEvent('ServiceWishCheckRequested', {
  referralId: id('ReferralId'),
  subjectRef: subject('SubjectRef'),
  owner: id('StaffRef'),
  requestedAt: happenedAt(),
  due: instant(),
})
export const unresolvedDecisions = ['ASK_AGAIN', 'ERASE'] as const
export type UnresolvedDecision = (typeof unresolvedDecisions)[number]
/** C12, C68: nobody has heard it from the person, and somebody has decided what follows. Only ERASE ends the referral. */
export const ServiceWishUnresolved = defineEvent('ServiceWishUnresolved', {
  referralId: id('ReferralId'),
  subjectRef: subject('SubjectRef'),
  /** On how many days somebody tried, by ways that were safe. */
  attempts: count(),
  decision: code(...unresolvedDecisions),
  decidedAt: happenedAt(),
  note: optional(personal.text('subjectRef', 'REF')),
})

/** C11: what shows, or does not, that somebody is in a STARS service. */
export const evidenceTypes = ['STARS_LETTER', 'STARS_EMAIL', 'STARS_CALL', 'STARS_REFERRAL', 'STARS_RECORD'] as const
export type EvidenceType = (typeof evidenceTypes)[number]
const anyEvidence = { referralId: id('ReferralId'), subjectRef: subject('SubjectRef'), evidenceType: policyCode(), checkedAt: happenedAt() }
const evidence = { ...anyEvidence, evidenceType: code(...evidenceTypes, 'NOT_LISTED') }
/** Before version 2 a type was any word in the form of a code: what is none of the list is not shown. */
const listed = <E extends { readonly evidenceType: string }>(old: E) => ({
  ...old,
  evidenceType: evidenceTypes.find(type => type === old.evidenceType) ?? ('NOT_LISTED' as const),
})
export const EligibilityConfirmed = defineEvent('EligibilityConfirmed', { ...anyEvidence, validUntil: instant() })
  .next({ ...evidence, validUntil: instant() })
  .from(listed)
export const EligibilityRefused = defineEvent('EligibilityRefused', anyEvidence).next(evidence).from(listed)

/** C11, C12: the end of the referral and the beginning of the service. The episode is what opens with it. */
export const ReferralAccepted = defineEvent('ReferralAccepted', {
  referralId: id('ReferralId'),
  subjectRef: subject('SubjectRef'),
  episodeId: id('EpisodeId'),
  acceptedAt: happenedAt(),
})

export const intakeEvents = [
  ReferralReceived,
  ServiceWishConfirmed,
  ServiceDeclined,
  ServiceWishCheckRequested,
  ServiceWishUnresolved,
  EligibilityConfirmed,
  EligibilityRefused,
  ReferralAccepted,
] as const
export type IntakeEvent = EventOf<(typeof intakeEvents)[number]>
