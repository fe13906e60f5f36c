import type { Evolve } from '#decider/decider'
import type { IntakeEvent } from './events.js'
import { type Evidence, type Referral, evolveReferral } from './referral.js'

export type Intake = {
  readonly referral?: Referral
  /** What STARS last said. Absent: nobody asked yet. */
  readonly stars?: Evidence['outcome']
}

/** C15, C18: legitimate interests; what shows that somebody is in treatment is health data, for health or social care. */
export const intakeBasis = { art6: 'f', art9: '9-2-h', sch1: 'para-2' } as const

export const noIntake: Intake = {}

const of = (referral: Referral | undefined): Intake =>
  referral ? { referral, ...(referral.stars ? { stars: referral.stars.outcome } : {}) } : noIntake

export const evolveIntake: Evolve<Intake, IntakeEvent> = {
  ReferralReceived: ({ referral }, data, meta) => of(evolveReferral.ReferralReceived(referral, data, meta)),
  ServiceWishConfirmed: ({ referral }, data, meta) => of(evolveReferral.ServiceWishConfirmed(referral, data, meta)),
  ServiceDeclined: ({ referral }, data, meta) => of(evolveReferral.ServiceDeclined(referral, data, meta)),
  EligibilityConfirmed: ({ referral }, data, meta) => of(evolveReferral.EligibilityConfirmed(referral, data, meta)),
  EligibilityRefused: ({ referral }, data, meta) => of(evolveReferral.EligibilityRefused(referral, data, meta)),
  ReferralAccepted: ({ referral }, data, meta) => of(evolveReferral.ReferralAccepted(referral, data, meta)),
}
