import type { Aggregate, Evolve } from '#decider/decider'
import type { StaffRole } from '#kernel/actor'
import { type Appointment, type OrganisationEvent, type StaffEvent, appointments } from './events.js'

/** One member of staff: the roles in which they are registered; and until when their training is in date, once any is on record. */
export type Staff = { readonly roles: ReadonlySet<StaffRole>; readonly trainedUntil?: string }
const evolveStaff: Evolve<Staff, StaffEvent> = {
  StaffRegistered: (member, { role }) => ({ ...member, roles: new Set(member.roles).add(role) }),
}
export const staff: Aggregate<Staff, StaffEvent> = {
  category: 'staff',
  initial: { roles: new Set() },
  evolve: evolveStaff,
  standing: 'NOBODY',
}

/** Who is appointed to what: one holder, any number of deputies. */
export type Organisation = {
  readonly appointed: ReadonlyMap<Appointment, { readonly holder: string; readonly deputies: readonly string[] }>
}
const evolveOrganisation: Evolve<Organisation, OrganisationEvent> = {
  RoleAppointed: ({ appointed }, { role, staffRef, as }) => {
    const before = appointed.get(role)
    return {
      appointed: new Map(appointed).set(
        role,
        as === 'HOLDER' || !before
          ? { holder: staffRef, deputies: before?.deputies ?? [] }
          : { ...before, deputies: [...before.deputies, staffRef] },
      ),
    }
  },
}
export const organisation: Aggregate<Organisation, OrganisationEvent> = {
  category: 'organisation',
  initial: { appointed: new Map() },
  evolve: evolveOrganisation,
  standing: 'NOBODY',
}

export const needsAppointment = (role: string): role is Appointment => appointments.includes(role as Appointment)

/** C37, C48: the token's role ∧ an active staff record ∧ an appointment where the role needs one. */
export function mayActAs(role: StaffRole, staffRef: string, { roles }: Staff, { appointed }: Organisation): boolean {
  if (!roles.has(role)) return false
  if (!needsAppointment(role)) return true
  const held = appointed.get(role)
  return held !== undefined && (held.holder === staffRef || held.deputies.includes(staffRef))
}
