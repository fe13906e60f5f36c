import type { HolidayCalendar } from '#calendar/statutory-periods'
import { type At, type By, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { ErasureId, SubjectRef } from '#kernel/id'
import { earlierOf, isEarlier } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { person } from '../person.js'
import { EligibilityConfirmed, EligibilityRefused } from './events.js'
import { intakeBasis } from './intake.js'
import { erasedAtReferral, isPastReferral, waitsForSafety } from './point-of-referral.js'
import { isNewest } from './referral.js'

export type VerifyEligibility = {
  readonly subjectRef: SubjectRef
  readonly evidenceType: DataOfEvent<typeof EligibilityConfirmed>['evidenceType']
  readonly checkedAt: string
  readonly outcome: 'CONFIRMED' | 'REFUSED'
  /** Names the erasure that a refusal begins. */
  readonly erasureId: ErasureId
}
export type EligibilityFacts = At & By & { readonly calendar: HolidayCalendar }

/** C11: evidence of a STARS service is good for 28 days. */
const evidenceMs = 28 * 86_400_000
const validUntilOf = (checkedAt: string) => new Date(Date.parse(checkedAt) + evidenceMs).toISOString()

/**
 * C11: a person has to be receiving a STARS service. Evidence that is too old says nothing of today: it neither confirms nor refuses. At
 * the point of referral a refusal erases as a no of the person's own does, unless STARS was asked again since; of somebody who was
 * accepted it is on record, and the service goes on until people end it.
 */
export const verifyEligibility = command({
  name: 'VerifyEligibility',
  clauses: ['C11'],
  says: 'Record evidence of a STARS service; at the point of referral a refusal erases',
  aggregate: person,
  streamId: ({ subjectRef }: VerifyEligibility) => subjectRef,
  capability: 'VERIFY_ELIGIBILITY',
  purpose: 'REFERRAL_INTAKE',
  basis: intakeBasis,
  // That somebody is looked for at a recovery service says something of their health: the packs that were published register this purpose
  // for ID and CON only, and say so with the purposes' own redesign.
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'NOT_IN_STARS_SERVICE', 'AUTOMATED_DECISION_FORBIDDEN', 'ERASURE_DEFERRED_SAFEGUARDING'],
  decide:
    ({ outcome, subjectRef, evidenceType, erasureId, ...asked }: VerifyEligibility, { now, actor, calendar }: EligibilityFacts) =>
    person => {
      const { referral } = person.intake
      if (!referral) return refused('NOT_FOUND')
      const checkedAt = earlierOf(asked.checkedAt, now)
      const validUntil = validUntilOf(checkedAt)
      if (isEarlier(validUntil, now)) return refused('NOT_IN_STARS_SERVICE')
      const found = { referralId: referral.referralId, subjectRef, evidenceType, checkedAt }
      if (outcome === 'CONFIRMED') return accept([EligibilityConfirmed.of({ ...found, validUntil })])
      const turnedAway = EligibilityRefused.of(found)
      if (isPastReferral(person) || !isNewest(referral, found)) return accept([turnedAway])
      if (actor.role === 'integration') return refused('AUTOMATED_DECISION_FORBIDDEN')
      if (waitsForSafety(person, now, calendar)) return refused('ERASURE_DEFERRED_SAFEGUARDING')
      return accept([turnedAway, ...erasedAtReferral(person, { subjectRef, erasureId }, 'C11-REFUSED', now)])
    },
})
