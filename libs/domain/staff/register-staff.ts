import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRole } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { StaffRegistered } from './events.js'
import type { Gives } from './in-charge.js'
import { staff } from './staff.js'

export type RegisterStaff = { readonly staffRef: StaffRef; readonly role: StaffRole }

/**
 * C37, C47: somebody may use the service in a role once they are registered in it. Nobody gives themselves a role, and whoever looks after
 * a team or the machines gives those of a team or of machines.
 */
export const registerStaff = command({
  name: 'RegisterStaff',
  clauses: ['C37', 'C47'],
  says: 'Register a member of staff, or a client, in a role',
  aggregate: staff,
  streamId: ({ staffRef }: RegisterStaff) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['SELF_APPROVAL_FORBIDDEN', 'ROLE_NOT_TO_GIVE'],
  decide:
    ({ staffRef, role }: RegisterStaff, { actor, now, gives }: At & By & Gives) =>
    ({ roles }) => {
      if (actor.id === staffRef) return refused('SELF_APPROVAL_FORBIDDEN')
      if (!gives.includes(role)) return refused('ROLE_NOT_TO_GIVE')
      return accept(roles.has(role) ? [] : [StaffRegistered.of({ staffRef, role, at: now })])
    },
})
