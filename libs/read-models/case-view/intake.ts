import type { Evolve } from '#decider/decider'
import { referralFields } from '#domain/person/details/record'
import type { IntakeEvent } from '#domain/person/intake/events'
import { type Case, withFacts } from './facts.js'
import { hold } from './fields.js'
import { referralIn } from './referral.js'

export const intake: Evolve<Case, IntakeEvent> = {
  ReferralReceived: (was, data, meta) => {
    const { referralId, source, channel, serviceArea, receivedAt, wish, wishClaimed, person } = data
    const referral = { referralId, source, channel, serviceArea, receivedAt, wish, wishClaimed, state: 'RECEIVED' }
    return hold(
      referralIn(withFacts(was, { referral }), 'ReferralReceived', data, meta),
      Object.fromEntries(Object.entries(referralFields).map(([path, field]) => [field, person[path as keyof typeof person]])),
      'REF',
      source === 'SELF' ? 'PERSON' : source,
      meta,
    )
  },
  ServiceWishConfirmed: (was, data, meta) => referralIn(was, 'ServiceWishConfirmed', data, meta),
  ServiceDeclined: (was, data, meta) => referralIn(was, 'ServiceDeclined', data, meta),
  EligibilityConfirmed: (was, data, meta) => referralIn(was, 'EligibilityConfirmed', data, meta),
  EligibilityRefused: (was, data, meta) => referralIn(was, 'EligibilityRefused', data, meta),
  ReferralAccepted: (was, data, meta) => referralIn(was, 'ReferralAccepted', data, meta),
}
