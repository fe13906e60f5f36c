import type { Meta } from '#decider/decider'
import { type Referral, type ReferralEvent, evolveReferral } from '#domain/person/intake/referral'
import { type Case, withFacts } from './facts.js'

type DataOf<T extends ReferralEvent['type']> = Extract<ReferralEvent, { type: T }>['data']

/** What the referral has come to after this event: the domain's own step, as the queue takes it. */
export function referralIn<T extends ReferralEvent['type']>(was: Case, type: T, data: DataOf<T>, meta: Meta): Case {
  const on = evolveReferral[type] as (was: Referral | undefined, data: unknown, meta: Meta) => Referral | undefined
  const folded = on(was.facts.folded, data, meta)
  const { referral } = was.facts
  if (!folded || !referral) return was
  const { stars: eligibility, wish, state } = folded
  return withFacts(was, {
    folded,
    referral: { ...referral, wish: wish?.answer ?? 'UNKNOWN', state },
    ...(eligibility ? { eligibility } : {}),
  })
}
