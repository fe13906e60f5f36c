import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRole } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { StaffRoleWithdrawn } from './events.js'
import { type Gives, inChargeOf, needsCharge } from './in-charge.js'
import type { SuccessorFacts } from './record-leaving.js'
import { staff } from './staff.js'

export type WithdrawRole = { readonly staffRef: StaffRef; readonly role: StaffRole; readonly handOverTo?: StaffRef | undefined }

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
  // To shut somebody out never waits for a training or a policy.
  exemptFrom: ['W2', 'W3', 'W7'],
  refusals: [...needsCharge, 'WORKER_NOT_REGISTERED'],
  decide: ({ staffRef, role, handOverTo }: WithdrawRole, { now, successorIsWorker, ...by }: At & By & Gives & SuccessorFacts) =>
    inChargeOf(staffRef, by, ({ roles }) => {
      if (!roles.has(role)) return accept([])
      if (handOverTo !== undefined && (handOverTo === staffRef || !successorIsWorker)) return refused('WORKER_NOT_REGISTERED')
      return accept([StaffRoleWithdrawn.of({ staffRef, role, ...(handOverTo ? { handOverTo } : {}), at: now })])
    }),
})
