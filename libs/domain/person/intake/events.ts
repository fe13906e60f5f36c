import { type EventOf, defineEvent } from '#event-kit/event'
import { code, flag, group, happenedAt, id, instant, optional, personal, policyCode, subject } from '#event-kit/field'
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
export const ServiceWishConfirmed = defineEvent('ServiceWishConfirmed', wishFields)
/** C13: only the person's own no erases. */
export const ServiceDeclined = defineEvent('ServiceDeclined', { ...wishFields, declinedBy: code('PERSON', 'REFERRER', 'OTHER') })

const evidence = { referralId: id('ReferralId'), subjectRef: subject('SubjectRef'), evidenceType: policyCode(), checkedAt: happenedAt() }
export const EligibilityConfirmed = defineEvent('EligibilityConfirmed', { ...evidence, validUntil: instant() })
export const EligibilityRefused = defineEvent('EligibilityRefused', evidence)

export const intakeEvents = [ReferralReceived, ServiceWishConfirmed, ServiceDeclined, EligibilityConfirmed, EligibilityRefused] as const
export type IntakeEvent = EventOf<(typeof intakeEvents)[number]>
