import type { InWords } from '#event-kit/in-words'
import type { IntakeEvent } from './events.js'

export const intakeInWords: InWords<IntakeEvent> = {
  ReferralReceived: ({ source, channel, serviceArea, wish }) =>
    `A referral came from ${source} by ${channel} for ${serviceArea}; the person's wish: ${wish}.`,
  ServiceWishConfirmed: ({ channel }) => `The person said by ${channel} that they want the service.`,
  ServiceDeclined: ({ declinedBy, channel }) => `The service was declined by the ${declinedBy.toLowerCase()} (${channel}).`,
  EligibilityConfirmed: ({ evidenceType, checkedAt }) =>
    `A STARS service was confirmed by ${evidenceType}, checked ${checkedAt.slice(0, 10)}.`,
  EligibilityRefused: ({ evidenceType }) => `A STARS service was not confirmed (${evidenceType}).`,
  ReferralAccepted: ({ acceptedAt }) => `The referral was accepted on ${acceptedAt.slice(0, 10)}: the service began.`,
}
