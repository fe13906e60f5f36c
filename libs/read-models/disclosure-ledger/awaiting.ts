import type { StaffRole } from '#kernel/actor'
import { type AwaitedApproval, approvalCapabilities, approvalsAwaiting } from '#policy/approving'
import { type Capability, rolesThatMay } from '#policy/capabilities'
import type { PolicyFacts } from '#policy/policy'
import type { Condition } from '#projections/question'
import type { ledgerTable } from './table.js'

type Awaited = Condition<typeof ledgerTable>
const kindOf = ({ withheld, recipients, showing }: AwaitedApproval): readonly Awaited[] => [
  { column: 'awaits', is: '=', value: withheld ? 'APPROVAL_OF_WITHHOLDING' : 'APPROVAL' },
  ...(recipients === 'ANY'
    ? []
    : 'among' in recipients
      ? [{ column: 'recipient', is: 'among', values: recipients.among } as const]
      : [{ column: 'recipient', is: 'outside', values: recipients.outside } as const]),
  ...(showing ? [{ column: 'categories', is: 'holds', value: showing } as const] : []),
]

const toReview: readonly Awaited[] = [{ column: 'awaits', is: '=', value: 'REVIEW' }]

/** By which rows of the table somebody decides on a disclosure, or looks at one that was told in an emergency. */
export const decidedBy: readonly Capability[] = [...approvalCapabilities, 'REVIEW_EMERGENCY_DISCLOSURE']

/**
 * The disclosures that wait for somebody's own approval, by the matrix in force, or for their review after an emergency. Nobody decides on
 * what they asked for themselves.
 */
export const awaitingDecision = (
  { id, role }: { readonly id: string; readonly role: StaffRole },
  { rows }: Pick<PolicyFacts, 'rows'>,
): readonly (readonly Awaited[])[] =>
  [
    ...approvalsAwaiting(role, rows).map(kindOf),
    ...(rolesThatMay('REVIEW_EMERGENCY_DISCLOSURE', 'APPROVE').includes(role) ? [toReview] : []),
  ].map(kind => [{ column: 'requested_by', is: '<>', value: id }, ...kind])
