import { person } from '#domain/person/person'
import { Instant, OneOf, PolicyCode } from '#nest/fields'
import { before, equals, from, listOf } from '#nest/list-of'
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

export const disclosuresOfOne = listOf({
  ...ledger,
  operation: 'DisclosureLedger.of',
  path: 'subjects/:subjectRef/disclosures',
  of: person,
  summary: 'Everything that was shared about one person',
})
