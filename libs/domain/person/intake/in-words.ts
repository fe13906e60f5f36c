import type { InWords } from '#event-kit/in-words'
import type { IntakeEvent } from './events.js'

export const intakeInWords: InWords<IntakeEvent> = {
  ReferralReceived: ({ source, channel, serviceArea, wish }) =>
    `A referral came from ${source} by ${channel} for ${serviceArea}; the person's wish: ${wish}.`,
  ServiceWishConfirmed: ({ channel }) => `The person said by ${channel} that they want the service.`,
  ServiceDeclined: ({ declinedBy, channel }) => `The service was declined by the ${declinedBy.toLowerCase()} (${channel}).`,
  ServiceWishCheckRequested: ({ due }) => `The person is to be asked whether they want the service, until ${due.slice(0, 10)}.`,
  ServiceWishUnresolved: ({ attempts, decision }) =>
    `The person's wish was not to be found out (tried on ${String(attempts)} days): ${
      decision === 'ERASE' ? 'the referral is erased' : 'they are asked again'
    }.`,
  EligibilityConfirmed: ({ evidenceType, checkedAt }) =>
    `A STARS service was confirmed by ${evidenceType}, checked ${checkedAt.slice(0, 10)}.`,
  EligibilityRefused: ({ evidenceType }) => `A STARS service was not confirmed (${evidenceType}).`,
  ReferralAccepted: ({ acceptedAt }) => `The referral was accepted on ${acceptedAt.slice(0, 10)}: the service began.`,
}
