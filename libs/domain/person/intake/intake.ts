import type { Evolve } from '#decider/decider'
import type { IntakeEvent, ReferralSource } from './events.js'

export type ReferralState = 'RECEIVED' | 'WANTED' | 'DECLINED'
export type Intake = {
  readonly referral?: {
    readonly referralId: string
    readonly source: ReferralSource
    readonly receivedAt: string
    readonly state: ReferralState
    readonly declinedAt?: string
  }
  /** What STARS last said. Absent: nobody asked yet. */
  readonly stars?: 'CONFIRMED' | 'REFUSED'
}

export const noIntake: Intake = {}

const inState = (intake: Intake, state: ReferralState, more: object = {}): Intake =>
  intake.referral ? { ...intake, referral: { ...intake.referral, state, ...more } } : intake

export const evolveIntake: Evolve<Intake, IntakeEvent> = {
  ReferralReceived: (intake, { referralId, source, receivedAt, wish }) => ({
    ...intake,
    referral: { referralId, source, receivedAt, state: wish === 'YES' ? 'WANTED' : 'RECEIVED' },
  }),
  ServiceWishConfirmed: intake => inState(intake, 'WANTED'),
  ServiceDeclined: (intake, _, { occurredAt }) => inState(intake, 'DECLINED', { declinedAt: occurredAt }),
  EligibilityConfirmed: intake => ({ ...intake, stars: 'CONFIRMED' }),
  EligibilityRefused: intake => ({ ...intake, stars: 'REFUSED' }),
}
