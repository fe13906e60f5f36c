import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type Appointment, RoleAppointed } from './events.js'
import type { Gives } from './in-charge.js'
import { appointedTo, organisation } from './staff.js'

export type Appoint = { readonly staffRef: StaffRef; readonly role: Appointment }
/** Whether they are registered in this role: an appointment of somebody who is not would be held by nobody. */
export type AppointFacts = At & By & Gives & { readonly registered: boolean }

/** C48: a role that is held already gets a deputy, never a second holder. */
export const appoint = command({
  name: 'Appoint',
  clauses: ['C48'],
  says: 'Appoint somebody to a role that one person holds; where it is held, as a deputy',
  aggregate: organisation,
  streamId: (_: Appoint) => 'main',
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['SELF_APPROVAL_FORBIDDEN', 'ROLE_NOT_TO_GIVE', 'ROLE_NOT_REGISTERED'],
  decide:
    ({ staffRef, role }: Appoint, { actor, now, gives, registered }: AppointFacts) =>
    organised => {
      if (actor.id === staffRef) return refused('SELF_APPROVAL_FORBIDDEN')
      if (!gives.includes(role)) return refused('ROLE_NOT_TO_GIVE')
      if (appointedTo(role, organised).includes(staffRef)) return accept([])
      if (!registered) return refused('ROLE_NOT_REGISTERED')
      return accept([RoleAppointed.of({ staffRef, role, as: organised.appointed.get(role)?.holder ? 'DEPUTY' : 'HOLDER', from: now })])
    },
})
