import { type EraseStaffDetails, erasureReasons } from '#domain/staff/erase-staff-details'
import {
  type Appointment,
  type OverseeingProfession,
  type OverseerEnding,
  type Regulator,
  type ReviewOutcome,
  type TrainingCourse,
  appointments,
  overseeingProfessions,
  overseerEndings,
  regulators,
  reviewOutcomes,
  trainingCourses,
} from '#domain/staff/events'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { Instant, OneOf, PastInstant, PolicyCode, Text, Uuid } from '#nest/fields'

export class StaffBody {
  @Text(255, { description: 'The `sub` of their tokens, as the issuer writes it. It is not stored: only a keyed digest of it is.' })
  subject!: string
  @OneOf(staffRoles, { description: 'A role that yours gives. Their token has to carry it, too.' }) role!: StaffRole
}

export class SuspensionBody {
  @PastInstant({ optional: true, description: 'Since when; now unless told. Their access ends with this command.' }) suspendedAt?: string
}
export class ReinstatementBody {
  @PastInstant({ optional: true, description: 'Since when; now unless told. Their access begins with this command.' }) reinstatedAt?: string
}
const taker =
  'The staffRef of the IPS worker who takes over the people whom they supported. Without one these have no worker until one is assigned.'
export class LeavingBody {
  @Uuid({ optional: true, description: taker }) handOverTo?: StaffRef
  @PastInstant({ optional: true, description: 'When they left; now unless told. Their access ends with this command.' }) leftAt?: string
}
export class RoleWithdrawalBody {
  @OneOf(staffRoles) role!: StaffRole
  @Uuid({ optional: true, description: taker }) handOverTo?: StaffRef
}

export class TrainingBody {
  @OneOf(trainingCourses) course!: TrainingCourse
  @PastInstant() completedAt!: string
}

export class AppointmentBody {
  @OneOf(appointments) role!: Appointment
  @OneOf(['HOLDER', 'DEPUTY'], {
    optional: true,
    description: 'The holder where there is none, a deputy otherwise, unless told. A new holder takes the place of the old one.',
  })
  as?: 'HOLDER' | 'DEPUTY'
  @Instant({ optional: true, description: 'From when on; now unless told, and not before.' }) from?: string
  @Instant({ optional: true, description: 'Until when; until it is ended unless told.' }) until?: string
}
export class AppointmentEndBody {
  @OneOf(appointments) role!: Appointment
  @Instant({ optional: true, description: 'From when on; now unless told, and not before.' }) at?: string
}

export class AcknowledgementBody {
  @PolicyCode() policy!: string
  @PolicyCode() version!: string
}

export class StaffDetailsBody {
  @Text(200, { description: 'Sealed under a key of their own.' }) name!: string
  @Text(500, { optional: true, description: 'How they are reached at work. Sealed like their name.' }) contact?: string
}
export class StaffErasureBody {
  @OneOf(erasureReasons) cause!: EraseStaffDetails['cause']
}

export class HealthOverseerBody {
  @OneOf(overseeingProfessions) profession!: OverseeingProfession
  @OneOf(regulators, { description: 'Whose register they are in.' }) regulator!: Regulator
  @Text(50, { description: 'Their number in it. Sealed under a key of their own.' }) registration!: string
}
export class HealthOverseerEndBody {
  @OneOf(overseerEndings) reason!: OverseerEnding
}
export class HealthReviewBody {
  @Uuid({ list: true, atLeastOne: true, description: 'Whose records were looked at.' }) subjects!: SubjectRef[]
  @OneOf(reviewOutcomes) outcome!: ReviewOutcome
  @PastInstant({ description: 'When they were looked at.' }) reviewedAt!: string
}
