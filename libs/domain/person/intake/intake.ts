import { type Evolve, within } from '#decider/decider'
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

// That it was erased is told from the keys.
const { ReferralErased: _, ErasureCompleted: __, ...ofIntake } = evolveReferral
export const evolveIntake: Evolve<Intake, IntakeEvent> = within<Intake, Referral | undefined, IntakeEvent>(ofIntake, {
  take: ({ referral }) => referral,
  put: (_intake, referral) => of(referral),
})
