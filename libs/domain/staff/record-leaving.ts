import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { StaffLeft } from './events.js'
import { type Gives, inChargeOf, needsCharge } from './in-charge.js'
import { staff } from './staff.js'

export type RecordLeaving = {
  readonly staffRef: StaffRef
  readonly handOverTo?: StaffRef | undefined
  /** Now unless told. */
  readonly leftAt?: string | undefined
}
/** Whether whoever is to take over works here as an IPS worker. */
export type SuccessorFacts = { readonly successorIsWorker: boolean }

/**
 * C37: one command takes everything from whoever leaves. Their token opens nothing from now on; their appointments end and the people
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
  // To shut somebody out never waits for a training or a policy.
  exemptFrom: ['W2', 'W3', 'W7'],
  refusals: [...needsCharge, 'WORKER_NOT_REGISTERED'],
  decide: ({ staffRef, handOverTo, leftAt }: RecordLeaving, { now, successorIsWorker, ...by }: At & By & Gives & SuccessorFacts) =>
    inChargeOf(staffRef, by, ({ state }) => {
      if (state === 'LEFT') return accept([])
      if (handOverTo !== undefined && (handOverTo === staffRef || !successorIsWorker)) return refused('WORKER_NOT_REGISTERED')
      return accept([StaffLeft.of({ staffRef, ...(handOverTo ? { handOverTo } : {}), leftAt: earlierOf(leftAt ?? now, now) })])
    }),
})
