import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { code, happenedAt, id, instant, optional } from '#event-kit/field'
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

const appointed = { ...ofStaff, role: code(...appointments), as: code('HOLDER', 'DEPUTY'), from: instant() }
/**
 * Of the organisation's stream: the holder, or a deputy where the role is held already; in force from its time on. Version 2 may say
 * until when, as for somebody who stands in for a while.
 */
export const RoleAppointed = defineEvent('RoleAppointed', appointed)
  .next({ ...appointed, until: optional(instant()) })
  .from(old => old)
/** C48: somebody is neither holder nor deputy any more, from then on. */
export const RoleEnded = defineEvent('RoleEnded', { ...ofStaff, role: code(...appointments), at: instant() })

const staffEvents = [StaffRegistered, StaffSuspended, StaffReinstated, StaffRoleWithdrawn, StaffLeft, StaffTrainingCompleted] as const
const organisationEvents = [RoleAppointed, RoleEnded] as const
export type StaffEvent = EventOf<(typeof staffEvents)[number]>
export type OrganisationEvent = EventOf<(typeof organisationEvents | typeof teamEvents)[number]>
export type AppointmentEvent = EventOf<(typeof organisationEvents)[number]>
export const staffConcerns = {
  ...concernsOf('staff', { staff: staffEvents, grants: grantEvents }),
  ...concernsOf('organisation', { organisation: organisationEvents, teams: teamEvents }),
}
