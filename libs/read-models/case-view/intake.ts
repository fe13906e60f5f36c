import type { Evolve } from '#decider/decider'
import { referralFields } from '#domain/person/details/record'
import type { IntakeEvent } from '#domain/person/intake/events'
import { type Case, inState, withFacts } from './facts.js'
import { hold } from './fields.js'

export const intake: Evolve<Case, IntakeEvent> = {
  ReferralReceived: (was, { referralId, source, channel, serviceArea, receivedAt, wish, wishClaimed, person }, meta) =>
    hold(
      withFacts(was, {
        referral: {
          referralId,
          source,
          channel,
          serviceArea,
          receivedAt,
          wish,
          wishClaimed,
          state: wish === 'YES' ? 'WANTED' : 'RECEIVED',
        },
      }),
      Object.fromEntries(Object.entries(referralFields).map(([path, field]) => [field, person[path as keyof typeof person]])),
      'REF',
      source === 'SELF' ? 'PERSON' : source,
      meta,
    ),
  ServiceWishConfirmed: was =>
    was.facts.referral
      ? withFacts(was, {
          referral: { ...was.facts.referral, wish: 'YES', state: was.facts.eligibility?.outcome === 'CONFIRMED' ? 'ELIGIBLE' : 'WANTED' },
        })
      : was,
  ServiceDeclined: was => inState(was, 'DECLINED'),
  EligibilityConfirmed: (was, { evidenceType, checkedAt, validUntil }) =>
    withFacts(was.facts.referral?.wish === 'YES' ? inState(was, 'ELIGIBLE') : was, {
      eligibility: { outcome: 'CONFIRMED', evidenceType, checkedAt, validUntil },
    }),
  EligibilityRefused: (was, { evidenceType, checkedAt }) =>
    withFacts(inState(was, 'INELIGIBLE'), { eligibility: { outcome: 'REFUSED', evidenceType, checkedAt } }),
}
