import { person } from '#domain/person/person'
import { Instant, OneOf, PolicyCode } from '#nest/fields'
import { before, equals, from, listOf } from '#nest/list-of'
import { type AwaitedApproval, approvalCapabilities, approvalsAwaiting } from '#policy/approving'
import { rolesThatMay } from '#policy/capabilities'
import type { Condition } from '#projections/question'
import { disclosureLedger } from '#read-models/disclosure-ledger/projection'
import { ledgerTable } from '#read-models/disclosure-ledger/table'

const ledger = {
  tag: 'disclosure',
  capability: 'READ_LEDGER',
  projection: disclosureLedger,
  table: ledgerTable,
  filters: {
    recipient: equals('recipient', PolicyCode({ optional: true })),
    basis: equals('art6', OneOf(['a', 'c', 'd', 'ea', 'f'], { optional: true, description: 'UK GDPR Article 6(1), by letter.' })),
    kind: equals('kind', OneOf(ledgerTable.columns.kind.oneOf, { optional: true })),
    state: equals('state', OneOf(ledgerTable.columns.state.oneOf, { optional: true })),
    from: from('happened_at', Instant({ optional: true, description: 'Sent at or after.' })),
    to: before('happened_at', Instant({ optional: true, description: 'Sent before.' })),
  },
} as const

export const disclosureList = listOf({
  ...ledger,
  operation: 'DisclosureLedger.all',
  path: 'disclosures',
  summary: 'The disclosure ledger',
})

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

/** Nobody decides on what they asked for themselves. */
export const disclosuresAwaiting = listOf({
  ...ledger,
  operation: 'DisclosureLedger.awaiting',
  path: 'disclosures/awaiting',
  capability: [...approvalCapabilities, 'REVIEW_EMERGENCY_DISCLOSURE'],
  forReader: ({ id, role }, { rows }) =>
    [
      ...approvalsAwaiting(role, rows).map(kindOf),
      ...(rolesThatMay('REVIEW_EMERGENCY_DISCLOSURE', 'APPROVE').includes(role) ? [toReview] : []),
    ].map(kind => [{ column: 'requested_by', is: '<>', value: id }, ...kind]),
  summary: 'The disclosures that wait for the reader’s own approval, by the matrix in force, or for their review after an emergency',
})

export const disclosuresOfOne = listOf({
  ...ledger,
  operation: 'DisclosureLedger.of',
  path: 'subjects/:subjectRef/disclosures',
  of: person,
  summary: 'Everything that was shared about one person',
})
