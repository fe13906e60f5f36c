import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { code, happenedAt, id, instant, list, optional, personal, policyCode, subject } from '#event-kit/field'
import { StaffDetailsErased, StaffKeyCreated } from '#event-kit/key-events'
import { staffRoles } from '#kernel/actor'
import { grantEvents } from './grants/events.js'
import { teamEvents } from './teams/events.js'

/** C48: the roles that somebody has to hold, and hold alone. */
export const appointments = ['dpo', 'caldicott', 'health-overseer', 'accountable-executive'] as const
export type Appointment = (typeof appointments)[number]

const ofStaff = { staffRef: id('StaffRef') }
export const StaffRegistered = defineEvent('StaffRegistered', { ...ofStaff, role: code(...staffRoles), at: instant() })
/** C37: from here on, whatever `suspendedAt` says, their token gives no access until they are reinstated. */
export const StaffSuspended = defineEvent('StaffSuspended', { ...ofStaff, suspendedAt: happenedAt() })
export const StaffReinstated = defineEvent('StaffReinstated', { ...ofStaff, reinstatedAt: happenedAt() })
/** One role of several. Who takes over the people whom they supported in it. */
export const StaffRoleWithdrawn = defineEvent('StaffRoleWithdrawn', {
  ...ofStaff,
  role: code(...staffRoles),
  handOverTo: optional(id('StaffRef')),
  at: instant(),
})
/** C37: all that they were registered in ends, from here on whatever `leftAt` says. Who takes over the people whom they supported. */
export const StaffLeft = defineEvent('StaffLeft', { ...ofStaff, handOverTo: optional(id('StaffRef')), leftAt: happenedAt() })

/** What whoever handles data is trained in. Closed: a code of somebody’s own could hold a name. */
export const trainingCourses = ['DATA-PROTECTION', 'INFORMATION-SECURITY', 'CONFIDENTIALITY', 'SAFEGUARDING'] as const
export type TrainingCourse = (typeof trainingCourses)[number]
/** C47: somebody did a training, which is in date until then. */
export const StaffTrainingCompleted = defineEvent('StaffTrainingCompleted', {
  ...ofStaff,
  course: code(...trainingCourses),
  completedAt: happenedAt(),
  validUntil: instant(),
})

/** Who they are, and how they are reached at work: sealed under a key of their own. What is recorded last counts. */
export const StaffDetailsRecorded = defineEvent('StaffDetailsRecorded', {
  staffRef: subject('StaffRef'),
  name: personal.text('staffRef', 'ID'),
  contact: optional(personal.text('staffRef', 'CON')),
})
/** The keys of what was erased are gone from the vault. */
export const StaffKeysDestroyed = defineEvent('StaffKeysDestroyed', { ...ofStaff, kids: list(id('KeyId'), 1_000), destroyedAt: instant() })

/** C18, DPA 2018 s.11(1): whose professional duty is one of confidentiality. */
export const overseeingProfessions = ['HEALTH_PROFESSIONAL', 'SOCIAL_WORK_PROFESSIONAL', 'OTHER_OWING_CONFIDENTIALITY'] as const
export type OverseeingProfession = (typeof overseeingProfessions)[number]
/** Who keeps a register of such professions in the United Kingdom. Closed: a code of somebody’s own could hold a name. */
export const regulators = ['GMC', 'NMC', 'HCPC', 'GPHC', 'GDC', 'GOC', 'GCC', 'GOSC', 'SWE', 'OTHER'] as const
export type Regulator = (typeof regulators)[number]
/** C18: on which ground an overseer oversees health data. The appointment to the role is `RoleAppointed`, like any other. */
export const HealthOverseerAppointed = defineEvent('HealthOverseerAppointed', {
  staffRef: subject('StaffRef'),
  profession: code(...overseeingProfessions),
  /** Whose register they are in. */
  regulator: code(...regulators),
  registration: personal.text('staffRef', 'ID'),
  at: instant(),
})
export const overseerEndings = ['REGISTRATION_ENDED', 'RECORDED_IN_ERROR', 'ANOTHER_TASK'] as const
export type OverseerEnding = (typeof overseerEndings)[number]
/** C18: they oversee health data no more, whatever role they still hold. */
export const HealthOverseerEnded = defineEvent('HealthOverseerEnded', { ...ofStaff, reason: code(...overseerEndings), at: instant() })

/** C38: they have read a version of a policy, by their own word. */
export const PolicyAcknowledged = defineEvent('PolicyAcknowledged', {
  ...ofStaff,
  policy: policyCode(),
  version: policyCode(),
  acknowledgedAt: instant(),
})

const appointed = { ...ofStaff, role: code(...appointments), as: code('HOLDER', 'DEPUTY'), from: instant() }
/**
 * Of the organisation's stream: the holder, or a deputy where the role is held already; in force from its time on. Version 2 may say
 * until when, as for somebody who stands in for a while.
 */
export const RoleAppointed = defineEvent('RoleAppointed', appointed)
  .next({ ...appointed, until: optional(instant()) })
  .from(old => old)
export const reviewOutcomes = ['SATISFACTORY', 'ACTION_NEEDED'] as const
export type ReviewOutcome = (typeof reviewOutcomes)[number]
/** C18: oversight is exercised, too: whoever oversees health data has looked at the records of these people. */
export const HealthOversightReviewed = defineEvent('HealthOversightReviewed', {
  reviewId: id('ReviewId'),
  overseer: id('StaffRef'),
  subjects: list(id('SubjectRef'), 200),
  outcome: code(...reviewOutcomes),
  reviewedAt: happenedAt(),
})
/** C48: somebody is neither holder nor deputy any more, from then on. */
export const RoleEnded = defineEvent('RoleEnded', { ...ofStaff, role: code(...appointments), at: instant() })

const staffEvents = [
  StaffRegistered,
  StaffSuspended,
  StaffReinstated,
  StaffRoleWithdrawn,
  StaffLeft,
  StaffTrainingCompleted,
  PolicyAcknowledged,
  StaffDetailsRecorded,
  StaffDetailsErased,
  StaffKeysDestroyed,
  HealthOverseerAppointed,
  HealthOverseerEnded,
  StaffKeyCreated,
] as const
const organisationEvents = [RoleAppointed, RoleEnded, HealthOversightReviewed] as const
export type StaffEvent = EventOf<(typeof staffEvents)[number]>
export type OrganisationEvent = EventOf<(typeof organisationEvents | typeof teamEvents)[number]>
export type AppointmentEvent = EventOf<(typeof organisationEvents)[number]>
export const staffConcerns = {
  ...concernsOf('staff', { staff: staffEvents, grants: grantEvents }),
  ...concernsOf('organisation', { organisation: organisationEvents, teams: teamEvents }),
}
