import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { PolicyAcknowledged } from './events.js'
import { acknowledgement, staff } from './staff.js'

export type AcknowledgePolicy = { readonly staffRef: StaffRef; readonly policy: string; readonly version: string }
/** Whether there is such a version of such a policy, also one whose time has not come: it may be read before. */
export type KnownPolicies = { readonly isPublished: (policy: string, version: string) => boolean }

/** C38: each reads for themselves. Once is enough, and a version that was read stays so. */
export const acknowledgePolicy = command({
  name: 'AcknowledgePolicy',
  clauses: ['C38'],
  says: 'Acknowledge a version of a policy that everybody who works here has to know',
  aggregate: staff,
  streamId: ({ staffRef }: AcknowledgePolicy) => staffRef,
  capability: 'ACKNOWLEDGE_POLICY',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  // W7: this is the way out of it.
  exemptFrom: ['W7'],
  refusals: ['ONLY_FOR_ONESELF', 'STAFF_POLICY_UNKNOWN'],
  decide:
    ({ staffRef, policy, version }: AcknowledgePolicy, { actor, now, isPublished }: At & By & KnownPolicies) =>
    ({ acknowledged }) => {
      if (actor.id !== staffRef) return refused('ONLY_FOR_ONESELF')
      if (!isPublished(policy, version)) return refused('STAFF_POLICY_UNKNOWN')
      const isKnown = acknowledged.has(acknowledgement(policy, version))
      return accept(isKnown ? [] : [PolicyAcknowledged.of({ staffRef, policy, version, acknowledgedAt: now })])
    },
})
