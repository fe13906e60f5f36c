import type { Decision } from '#decider/decider'
import type { StaffRole } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { type OrganisationEvent, RoleEnded, appointments } from './events.js'
import { type Organisation, termsFrom } from './staff.js'

/** C48: whoever is not registered in a role any more, is not appointed to it either. */
export const endAppointments =
  (staffRef: StaffRef, registeredIn: ReadonlySet<StaffRole>, now: string): Decision<Organisation, OrganisationEvent, never> =>
  organised =>
    accept(
      appointments
        .filter(role => !registeredIn.has(role) && termsFrom(role, organised, now).some(term => term.staffRef === staffRef))
        .map(role => RoleEnded.of({ staffRef, role, at: now })),
    )
