import { daysBetween } from '#calendar/statutory-periods'
import { type At, command, noCategories } from '#decider/command'
import type { SubjectRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { person } from '../person.js'
import { EligibilityConfirmed, EligibilityRefused } from './events.js'
import { intakeBasis } from './intake.js'

export type VerifyEligibility = {
  readonly subjectRef: SubjectRef
  readonly evidenceType: string
  readonly checkedAt: string
  readonly outcome: 'CONFIRMED' | 'REFUSED'
}

/** C11: evidence of a STARS service is good for 28 days. */
const evidenceDays = 28

/** C11: a person has to be receiving a STARS service. Evidence that is too old confirms nothing. */
export const verifyEligibility = command({
  name: 'VerifyEligibility',
  clauses: ['C11'],
  says: 'Record evidence of a STARS service',
  aggregate: person,
  streamId: ({ subjectRef }: VerifyEligibility) => subjectRef,
  capability: 'VERIFY_ELIGIBILITY',
  purpose: 'REFERRAL_INTAKE',
  basis: intakeBasis,
  // That somebody is looked for at a recovery service says something of their health: the packs that were published register this purpose
  // for ID and CON only, and say so with the purposes' own redesign.
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'NOT_IN_STARS_SERVICE'],
  decide:
    ({ outcome, ...evidence }: VerifyEligibility, { now }: At) =>
    ({ intake }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      const found = { ...evidence, referralId: intake.referral.referralId }
      if (outcome === 'REFUSED') return accept([EligibilityRefused.of(found)])
      if (daysBetween(evidence.checkedAt, now) > evidenceDays) return refused('NOT_IN_STARS_SERVICE')
      const validUntil = new Date(Date.parse(evidence.checkedAt) + evidenceDays * 86_400_000).toISOString()
      return accept([EligibilityConfirmed.of({ ...found, validUntil })])
    },
})
