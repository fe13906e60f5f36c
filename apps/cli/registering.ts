import { newId } from '#commands/ids'
import { systemFacts } from '#commands/machine-facts'
import { appoint } from '#domain/staff/appoint'
import { registerStaff } from '#domain/staff/register-staff'
import { needsAppointment } from '#domain/staff/staff'
import type { Backend } from '#backend/backend'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { identityOf } from '#commands/staff-identity'

export const factsOf = (command: string) =>
  systemFacts({ purpose: 'LEGAL_OBLIGATION', correlationId: newId(), commandId: newId(), command })

/** Registers the bearer of an issuer's tokens in a role, and appoints them where it needs that: the operator may give every role. */
export async function registerBearer({ commands, clock, tables, serviceKey }: Backend, issuer: string, sub: string, role: StaffRole) {
  const staffRef = (await tables.register(identityOf(serviceKey, issuer, sub))) as StaffRef
  const registering = factsOf(registerStaff.name)
  const giving = { actor: registering.actor, now: clock.now(), gives: staffRoles }
  await commands.execute({
    aggregate: registerStaff.aggregate,
    id: staffRef,
    facts: registering,
    decide: registerStaff.decide({ staffRef, role }, giving),
  })
  if (needsAppointment(role))
    await commands.execute({
      aggregate: appoint.aggregate,
      id: appoint.streamId({ staffRef, role }),
      facts: factsOf(appoint.name),
      decide: appoint.decide({ staffRef, role }, { ...giving, registered: true }),
    })
  return staffRef
}
