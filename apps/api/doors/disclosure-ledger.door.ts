import { person } from '#domain/person/person'
import { Instant, OneOf, PolicyCode } from '#nest/fields'
import { before, equals, from, listOf } from '#nest/list-of'
import { awaitingDecision, decidedBy } from '#read-models/disclosure-ledger/awaiting'
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

export const disclosuresAwaiting = listOf({
  ...ledger,
  operation: 'DisclosureLedger.awaiting',
  path: 'disclosures/awaiting',
  capability: decidedBy,
  forReader: awaitingDecision,
  summary: 'The disclosures that wait for the reader’s own approval, by the matrix in force, or for their review after an emergency',
})

export const disclosuresOfOne = listOf({
  ...ledger,
  operation: 'DisclosureLedger.of',
  path: 'subjects/:subjectRef/disclosures',
  of: person,
  summary: 'Everything that was shared about one person',
})
