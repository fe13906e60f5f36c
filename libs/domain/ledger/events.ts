import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import {
  code,
  count,
  digestOfSealed,
  instant,
  logOrigin,
  optional,
  policyCode,
  position,
  rootHash,
  streamName,
  verifierKeyText,
} from '#event-kit/field'
import { paperNumber, paperNumberOf } from '#event-kit/paper-number'

/** What the audit ledger says of itself, on a stream of its own: ordinary events, and so leaves. A ledger begins with this. */
export const LedgerOpened = defineEvent('LedgerOpened', {
  origin: logOrigin(),
  vkey: verifierKeyText(),
  /** Which events are leaves, and the form of a leaf. */
  filterVersion: count(),
  leafVersion: count(),
  at: instant(),
})
/** A key signs from here on beside the others. Whom an auditor believes, their own policy says: this only tells them where to ask. */
export const LedgerKeyAdded = defineEvent('LedgerKeyAdded', { origin: logOrigin(), vkey: verifierKeyText(), at: instant() })
/**
 * A ledger that could not go on was frozen, and this one begins: its last checkpoint is on record here, so that nothing of it can be
 * changed either.
 */
export const LedgerEpochBegun = defineEvent('LedgerEpochBegun', {
  origin: logOrigin(),
  previous: logOrigin(),
  size: count(),
  root: rootHash(),
  at: instant(),
})
/** At most ten minutes apart, so that a ledger that stands still, or whose end was cut off, is dated by the last one. */
export const LedgerHeartbeatRecorded = defineEvent('LedgerHeartbeatRecorded', { at: instant(), position: position(), size: count() })
/** Revisions that were taken out of a stream before the ledger saw them: `found` came where `expected` was due. */
export const LedgerGapFound = defineEvent('LedgerGapFound', {
  stream: streamName(),
  expected: position(),
  found: position(),
  at: instant(),
})

const exported = {
  scope: code('ALL', 'STREAM', 'RANGE'),
  stream: optional(streamName()),
  from: optional(count()),
  to: optional(count()),
  headers: code('FULL', 'SCOPED'),
  size: count(),
  leaves: count(),
  /** SHA-256 over the bundle's own description of itself. */
  scopeDigest: digestOfSealed(),
  reference: policyCode(),
  approval: optional(policyCode()),
  at: instant(),
}
const numbered = { ...exported, reference: paperNumber(), approval: optional(paperNumber()) }
/**
 * A bundle of the ledger was made: of what, and for which audit, request or case; who approved that it says something of everybody.
 * Version 2: both are numbers in a series. Version 3: with the digest of the bundle's manifest, so that whoever has a later bundle sees
 * of every file of an earlier one that it is as it was made.
 */
export const LedgerExported = defineEvent('LedgerExported', exported)
  .next(numbered)
  .from(({ approval, ...old }) => ({
    ...old,
    reference: paperNumberOf(old.reference),
    ...(approval === undefined ? {} : { approval: paperNumberOf(approval) }),
  }))
  .next({ ...numbered, manifestDigest: optional(digestOfSealed()) })
  .from(old => old)

const ledgerEvents = [LedgerOpened, LedgerKeyAdded, LedgerEpochBegun, LedgerHeartbeatRecorded, LedgerGapFound, LedgerExported] as const
export const ledgerConcerns = concernsOf('ledger', { ledger: ledgerEvents })
export type LedgerEvent = EventOf<(typeof ledgerEvents)[number]>
