import { daysBetween } from '#calendar/statutory-periods'
import type { Decision } from '#decider/decider'
import type { SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { type Refusal, refused } from '#kernel/refusals'
import { isErased } from '../keys/keys.js'
import type { Person } from '../person.js'
import { EligibilityConfirmed, EligibilityRefused, type IntakeEvent } from './events.js'

export type VerifyEligibility = {
  readonly subjectRef: SubjectRef
  readonly evidenceType: string
  readonly checkedAt: string
  readonly outcome: 'CONFIRMED' | 'REFUSED'
}
export const verifyEligibilityRefusals = ['SUBJECT_ERASED', 'NOT_FOUND', 'NOT_IN_STARS_SERVICE'] as const
type Why = (typeof verifyEligibilityRefusals)[number]

/** Catalogue C11 [D]: evidence of a STARS service is good for 28 days. */
const evidenceDays = 28

/** C11: a person has to be receiving a STARS service. Evidence that is too old confirms nothing. */
export const verifyEligibility =
  ({ outcome, ...evidence }: VerifyEligibility, now: string): Decision<Person, IntakeEvent, Refusal<Why>> =>
  ({ intake, keys }) => {
    if (isErased(keys)) return refused('SUBJECT_ERASED')
    if (!intake.referral) return refused('NOT_FOUND')
    const found = { ...evidence, referralId: intake.referral.referralId as Parameters<typeof EligibilityRefused.of>[0]['referralId'] }
    if (outcome === 'REFUSED') return accept([EligibilityRefused.of(found)])
    if (daysBetween(evidence.checkedAt, now) > evidenceDays) return refused('NOT_IN_STARS_SERVICE')
    const validUntil = new Date(Date.parse(evidence.checkedAt) + evidenceDays * 86_400_000).toISOString()
    return accept([EligibilityConfirmed.of({ ...found, validUntil })])
  }
