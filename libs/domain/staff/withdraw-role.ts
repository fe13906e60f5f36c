import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRole } from '#kernel/actor'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { StaffRoleWithdrawn } from './events.js'
import { revoked } from './grants/grants.js'
import { inChargeOf, needsCharge, shuttingOut } from './in-charge.js'
import { staff } from './staff.js'
import { type Giving, type SuccessorFacts, mayTakeOver } from './taking-over.js'

export type WithdrawRole = Giving & { readonly role: StaffRole }

/** C37: somebody goes on, without one of their roles; an appointment to it and the people whom they supported in it go as on leaving. */
export const withdrawRole = command({
  name: 'WithdrawRole',
  clauses: ['C37', 'C38'],
  says: 'Take one role from a member of staff, who keeps the others',
  aggregate: staff,
  streamId: ({ staffRef }: WithdrawRole) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: shuttingOut,
  refusals: [...needsCharge, 'WORKER_NOT_REGISTERED'],
  decide: ({ role, ...giving }: WithdrawRole, { now, ...by }: At & By & SuccessorFacts) =>
    inChargeOf(giving.staffRef, by, ({ roles, grants }) => {
      if (!roles.has(role)) return accept([])
      if (!mayTakeOver(giving, by)) return refused('WORKER_NOT_REGISTERED')
      const withdrawn = StaffRoleWithdrawn.of({ ...giving, role, at: now })
      return accept([withdrawn, ...revoked(giving.staffRef, grants, 'ROLE_WITHDRAWN', now, { inRole: role })])
    }),
})
