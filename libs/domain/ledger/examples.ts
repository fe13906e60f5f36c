import { type ExampleOfEach, inventedAt as at } from '#event-kit/examples'
import {
  LedgerEpochBegun,
  type LedgerEvent,
  LedgerExported,
  LedgerGapFound,
  LedgerHeartbeatRecorded,
  LedgerKeyAdded,
  LedgerOpened,
} from './events.js'

/** One example of every event of this context, every optional field filled. */
export const ledgerExamples = {
  LedgerOpened: LedgerOpened.of({
    origin: 'ledger.example/1',
    vkey: 'ledger.example/1+0f1e2d3c+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    filterVersion: 1,
    leafVersion: 1,
    at,
  }),
  LedgerKeyAdded: LedgerKeyAdded.of({
    origin: 'ledger.example/1',
    vkey: 'ledger.example/1+0f1e2d3c+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    at,
  }),
  LedgerEpochBegun: LedgerEpochBegun.of({
    origin: 'ledger.example/2',
    previous: 'ledger.example/1',
    size: 412,
    root: `${'A'.repeat(43)}=`,
    at,
  }),
  LedgerHeartbeatRecorded: LedgerHeartbeatRecorded.of({ at, position: '193847', size: 412 }),
  LedgerGapFound: LedgerGapFound.of({ stream: 'person-00000000-0000-4000-8000-000000000001', expected: '3', found: '5', at }),
  LedgerExported: LedgerExported.of({
    scope: 'RANGE',
    stream: 'person-00000000-0000-4000-8000-000000000001',
    from: 0,
    to: 412,
    headers: 'SCOPED',
    size: 412,
    leaves: 12,
    scopeDigest: 'A'.repeat(43),
    manifestDigest: 'A'.repeat(43),
    reference: 'AUDIT-2026-1',
    approval: 'DPO-17',
    at,
  }),
} satisfies ExampleOfEach<LedgerEvent>
