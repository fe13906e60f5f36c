import type { By } from '#decider/command'
import { type ActorRole, type StaffRole, staffRoles } from '#kernel/actor'
import { cellOf } from './capabilities.js'

/** Of a team: who works with the people in its care. */
const ofTeams: readonly StaffRole[] = ['back-office', 'ips-worker']
/** Who looks after machines, and what machines ask. */
const ofMachines: readonly StaffRole[] = ['sysadmin', 'integration']
/** The executive is appointed by those whom the DPO advises, not by the DPO: with the operator's command. */
const ofTheHouse: readonly StaffRole[] = staffRoles.filter(role => role !== 'accountable-executive')

/** Which roles somebody in this role may give to others, and take from them (C37): as far as their cell goes. A machine gives none. */
export const rolesGivenBy = (role: ActorRole): readonly StaffRole[] => {
  if (role === 'system') return []
  const given = cellOf('GRANT_ACCESS', role).flatMap(({ may, limit }) =>
    may !== 'COMMAND' ? [] : limit === 'OWN_TEAM' ? ofTeams : limit === 'TECHNICAL' ? ofMachines : ofTheHouse,
  )
  return staffRoles.filter(one => given.includes(one))
}

/** The fact of that for a decision that asks for nothing else. */
export const givenBy = (_: unknown, { actor }: By) => ({ gives: rolesGivenBy(actor.role) })
