import type { Decision } from '#decider/decider'
import type { StaffRole } from '#kernel/actor'
import type { Id, StaffRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { type OrganisationEvent, RoleEnded, appointments } from './events.js'
import { type Organisation, termsFrom } from './staff.js'
import { TeamMemberRemoved } from './teams/events.js'
import { roleOfPart } from './teams/in-team.js'

/** C37, C48: whoever is not registered in a role any more, is not appointed to it either, and has no place in a team by it. */
export const endAppointments =
  (staffRef: StaffRef, registeredIn: ReadonlySet<StaffRole>, now: string): Decision<Organisation, OrganisationEvent, never> =>
  organised =>
    accept([
      ...appointments
        .filter(role => !registeredIn.has(role) && termsFrom(role, organised, now).some(term => term.staffRef === staffRef))
        .map(role => RoleEnded.of({ staffRef, role, at: now })),
      ...[...(organised.teams ?? [])].flatMap(([teamId, team]) => {
        const part = team.get(staffRef)
        if (part === undefined || registeredIn.has(roleOfPart[part])) return []
        return [TeamMemberRemoved.of({ teamId: teamId as Id<'TeamId'>, staffRef, removedAt: now })]
      }),
    ])
