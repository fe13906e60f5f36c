import { within } from '#decider/decider'
import { type Referral, type ReferralEvent, evolveReferral } from '#domain/person/intake/referral'
import { type Case, withFacts } from './facts.js'

function shown(was: Case, folded: Referral | undefined): Case {
  const { referral } = was.facts
  if (!folded || !referral) return was
  const { stars: eligibility, wish, state } = folded
  return withFacts(was, {
    folded,
    referral: { ...referral, wish: wish?.answer ?? 'UNKNOWN', state },
    ...(eligibility ? { eligibility } : {}),
  })
}

/** What the referral has come to after an event: the domain's own step, as the queue takes it. */
export const onReferral = within<Case, Referral | undefined, ReferralEvent>(evolveReferral, {
  take: ({ facts }) => facts.folded,
  put: shown,
})
