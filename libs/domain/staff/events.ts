import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { code, id, instant } from '#event-kit/field'
import { staffRoles } from '#kernel/actor'

/** C48: the roles that somebody has to hold, and hold alone. */
export const appointments = ['dpo', 'caldicott', 'health-overseer', 'accountable-executive'] as const
export type Appointment = (typeof appointments)[number]

export const StaffRegistered = defineEvent('StaffRegistered', { staffRef: id('StaffRef'), role: code(...staffRoles), at: instant() })
/** Of the organisation's stream: the holder, or a deputy where the role is held already. */
export const RoleAppointed = defineEvent('RoleAppointed', {
  staffRef: id('StaffRef'),
  role: code(...appointments),
  as: code('HOLDER', 'DEPUTY'),
  from: instant(),
})

export type StaffEvent = EventOf<typeof StaffRegistered>
export type OrganisationEvent = EventOf<typeof RoleAppointed>
export const staffConcerns = {
  ...concernsOf('staff', { staff: [StaffRegistered] }),
  ...concernsOf('organisation', { organisation: [RoleAppointed] }),
}
