import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { StaffSuspended } from './events.js'
import { revoked } from './grants/grants.js'
import { type Gives, inChargeOf, needsCharge, shuttingOut } from './in-charge.js'
import { staff } from './staff.js'

export type SuspendStaff = {
  readonly staffRef: StaffRef
  /** Now unless told. */
  readonly suspendedAt?: string | undefined
}

/** C37: their token opens nothing from now on. Their roles, appointments and caseload wait for them; grants are given anew. */
export const suspendStaff = command({
  name: 'SuspendStaff',
  clauses: ['C37', 'C38'],
  says: 'Suspend a member of staff: nothing opens to them until they are reinstated',
  aggregate: staff,
  streamId: ({ staffRef }: SuspendStaff) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: shuttingOut,
  refusals: [...needsCharge, 'STAFF_LEFT'],
  decide: ({ staffRef, suspendedAt }: SuspendStaff, { now, ...by }: At & By & Gives) =>
    inChargeOf(staffRef, by, ({ state, grants }) => {
      if (state === 'LEFT') return refused('STAFF_LEFT')
      if (state === 'SUSPENDED') return accept([])
      const suspended = StaffSuspended.of({ staffRef, suspendedAt: earlierOf(suspendedAt ?? now, now) })
      return accept([suspended, ...revoked(staffRef, grants, 'SUSPENDED', now)])
    }),
})
