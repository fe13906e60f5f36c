import { type Evolve, andThen } from '#decider/decider'
import { referralFields } from '#domain/person/details/record'
import type { IntakeEvent } from '#domain/person/intake/events'
import { onEpisode } from './episode.js'
import { type Case, withFacts } from './facts.js'
import { hold } from './fields.js'
import { onReferral } from './referral.js'
import { onWishCheck } from './wish-check.js'

export const intake: Evolve<Case, IntakeEvent> = {
  ReferralReceived: (was, data, meta) => {
    const { referralId, source, channel, serviceArea, receivedAt, wish, wishClaimed, person } = data
    const referral = { referralId, source, channel, serviceArea, receivedAt, wish, wishClaimed, state: 'RECEIVED' }
    return hold(
      onReferral.ReferralReceived(withFacts(was, { referral }), data, meta),
      Object.fromEntries(Object.entries(referralFields).map(([path, field]) => [field, person[path as keyof typeof person]])),
      'REF',
      source === 'SELF' ? 'PERSON' : source,
      meta,
    )
  },
  ServiceWishConfirmed: andThen(onReferral.ServiceWishConfirmed, onWishCheck.ServiceWishConfirmed),
  ServiceDeclined: andThen(onReferral.ServiceDeclined, onWishCheck.ServiceDeclined),
  ServiceWishCheckRequested: onWishCheck.ServiceWishCheckRequested,
  ServiceWishUnresolved: andThen(onReferral.ServiceWishUnresolved, onWishCheck.ServiceWishUnresolved),
  EligibilityConfirmed: onReferral.EligibilityConfirmed,
  EligibilityRefused: onReferral.EligibilityRefused,
  ReferralAccepted: andThen(onReferral.ReferralAccepted, onEpisode.ReferralAccepted),
}
