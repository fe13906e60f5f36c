import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { StaffReinstated } from './events.js'
import { type Gives, inChargeOf, needsCharge } from './in-charge.js'
import { staff } from './staff.js'

export type ReinstateStaff = {
  readonly staffRef: StaffRef
  /** Now unless told. */
  readonly reinstatedAt?: string | undefined
}

/** C37: somebody who was suspended goes on in the roles that they have. */
export const reinstateStaff = command({
  name: 'ReinstateStaff',
  clauses: ['C37'],
  says: 'Let a member of staff who was suspended go on',
  aggregate: staff,
  streamId: ({ staffRef }: ReinstateStaff) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: [...needsCharge, 'STAFF_LEFT'],
  decide: ({ staffRef, reinstatedAt }: ReinstateStaff, { now, ...by }: At & By & Gives) =>
    inChargeOf(staffRef, by, ({ state }) => {
      if (state === 'LEFT') return refused('STAFF_LEFT')
      return accept(state === 'ACTIVE' ? [] : [StaffReinstated.of({ staffRef, reinstatedAt: earlierOf(reinstatedAt ?? now, now) })])
    }),
})
