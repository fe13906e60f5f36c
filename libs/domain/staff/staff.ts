import type { Aggregate, Evolve } from '#decider/decider'
import type { StaffRole } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { type Appointment, type OrganisationEvent, type StaffEvent, appointments } from './events.js'

export const staffStates = ['UNKNOWN', 'ACTIVE', 'SUSPENDED', 'LEFT'] as const
/**
 * One member of staff: whether they may work here now, the roles in which they are registered, and until when their training is in date,
 * once any is on record.
 */
export type Staff = {
  readonly state: (typeof staffStates)[number]
  readonly roles: ReadonlySet<StaffRole>
  /** Who takes over the people whom they supported, where they gave up doing so and somebody was named. */
  readonly handedOverTo?: StaffRef | undefined
  readonly trainedUntil?: string
}
const without = (roles: ReadonlySet<StaffRole>, role: StaffRole) => new Set([...roles].filter(one => one !== role))

/** The one fold for decisions and for the register of staff. */
export const evolveStaff: Evolve<Staff, StaffEvent> = {
  StaffRegistered: (member, { role }) => ({
    ...member,
    // Another role is no way out of a suspension; whoever left comes back with it.
    state: member.state === 'SUSPENDED' ? 'SUSPENDED' : 'ACTIVE',
    roles: new Set(member.roles).add(role),
  }),
  StaffSuspended: member => ({ ...member, state: 'SUSPENDED' }),
  StaffReinstated: member => ({ ...member, state: 'ACTIVE' }),
  StaffRoleWithdrawn: (member, { role, handOverTo }) => ({
    ...member,
    roles: without(member.roles, role),
    ...(role === 'ips-worker' ? { handedOverTo: handOverTo } : {}),
  }),
  StaffLeft: (member, { handOverTo }) => ({ ...member, state: 'LEFT', roles: new Set(), handedOverTo: handOverTo }),
}
export const nobodyKnown: Staff = { state: 'UNKNOWN', roles: new Set() }
export const staff: Aggregate<Staff, StaffEvent> = { category: 'staff', initial: nobodyKnown, evolve: evolveStaff, standing: 'NOBODY' }

/** C37: whether somebody works here in a role: registered in it, not suspended, not gone. */
export const isActiveAs = (role: StaffRole, { state, roles }: Staff): boolean => state === 'ACTIVE' && roles.has(role)

/** Who is appointed to what: one holder, any number of deputies. Nobody is the holder of a role that only deputies are left of. */
export type Organisation = {
  readonly appointed: ReadonlyMap<Appointment, { readonly holder: StaffRef | undefined; readonly deputies: readonly StaffRef[] }>
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
  RoleEnded: ({ appointed }, { role, staffRef }) => {
    const { holder, deputies = [] } = appointed.get(role) ?? {}
    return {
      appointed: new Map(appointed).set(role, {
        holder: holder === staffRef ? undefined : holder,
        deputies: deputies.filter(one => one !== staffRef),
      }),
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

/** C48: whoever may act in the role: the holder first, then the deputies in their order. */
export function appointedTo(role: Appointment, { appointed }: Organisation): readonly StaffRef[] {
  const { holder, deputies = [] } = appointed.get(role) ?? {}
  return holder === undefined ? deputies : [holder, ...deputies]
}

/** C37, C48: the token's role ∧ an active staff record ∧ an appointment where the role needs one. */
export function mayActAs(role: StaffRole, staffRef: StaffRef, member: Staff, organised: Organisation): boolean {
  return isActiveAs(role, member) && (!needsAppointment(role) || appointedTo(role, organised).includes(staffRef))
}
