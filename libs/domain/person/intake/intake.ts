import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { IntakeEvent, ReferralReceived, ReferralSource } from './events.js'

export type ReferralState = 'RECEIVED' | 'WANTED' | 'DECLINED'
export type Intake = {
  readonly referral?: {
    readonly referralId: DataOfEvent<typeof ReferralReceived>['referralId']
    readonly source: ReferralSource
    readonly receivedAt: string
    readonly state: ReferralState
    readonly declinedAt?: string
  }
  /** What STARS last said. Absent: nobody asked yet. */
  readonly stars?: 'CONFIRMED' | 'REFUSED'
}

/** C15, C18: legitimate interests; what shows that somebody is in treatment is health data, for health or social care. */
export const intakeBasis = { art6: 'f', art9: '9-2-h', sch1: 'para-2' } as const

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
