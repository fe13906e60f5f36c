import { type At, type By, command, noCategories } from '#decider/command'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { StaffLeft } from './events.js'
import { revoked } from './grants/grants.js'
import { inChargeOf, needsCharge, shuttingOut } from './in-charge.js'
import { staff } from './staff.js'
import { type Giving, type SuccessorFacts, mayTakeOver } from './taking-over.js'

export type RecordLeaving = Giving & {
  /** Now unless told. */
  readonly leftAt?: string | undefined
}

/**
 * C37: one command takes everything from whoever leaves. Their token opens nothing from now on, and their grants end with it; their
 * appointments and their places in teams end and the people
 * whom they supported go to whoever takes over, or to nobody yet, by a process that this begins.
 */
export const recordLeaving = command({
  name: 'RecordLeaving',
  clauses: ['C37', 'C38'],
  says: 'Record that a member of staff has left, and who takes over the people whom they supported',
  aggregate: staff,
  streamId: ({ staffRef }: RecordLeaving) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: shuttingOut,
  refusals: [...needsCharge, 'WORKER_NOT_REGISTERED'],
  decide: ({ leftAt, ...giving }: RecordLeaving, { now, ...by }: At & By & SuccessorFacts) =>
    inChargeOf(giving.staffRef, by, ({ state, grants }) => {
      if (state === 'LEFT') return accept([])
      if (!mayTakeOver(giving, by)) return refused('WORKER_NOT_REGISTERED')
      const left = StaffLeft.of({ ...giving, leftAt: earlierOf(leftAt ?? now, now) })
      return accept([left, ...revoked(giving.staffRef, grants, 'LEFT', now)])
    }),
})
