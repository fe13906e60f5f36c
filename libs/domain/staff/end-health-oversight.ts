import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { HealthOverseerEnded, type OverseerEnding } from './events.js'
import { type Gives, inChargeOf, needsCharge } from './in-charge.js'
import { staff } from './staff.js'

export type EndHealthOversight = { readonly staffRef: StaffRef; readonly reason: OverseerEnding }

/** C18: from now on they do not count as overseeing health data, whatever role they hold. */
export const endHealthOversight = command({
  name: 'EndHealthOversight',
  clauses: ['C18'],
  says: 'Record that somebody oversees health data no more, such as when a registration ended',
  aggregate: staff,
  streamId: ({ staffRef }: EndHealthOversight) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  // To say that a safeguard is gone never waits for a training or a policy.
  exemptFrom: ['W2', 'W3', 'W7'],
  refusals: needsCharge,
  decide: ({ staffRef, reason }: EndHealthOversight, { now, ...by }: At & By & Gives) =>
    inChargeOf(staffRef, by, ({ oversees }) => accept(oversees ? [HealthOverseerEnded.of({ staffRef, reason, at: now })] : [])),
})
