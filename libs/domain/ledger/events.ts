import { type EventOf, defineEvent } from '#event-kit/event'
import { count, instant, logOrigin, position, streamName, verifierKeyText } from '#event-kit/field'

/** What the audit ledger says of itself, on a stream of its own: ordinary events, and so leaves. A ledger begins with this. */
export const LedgerOpened = defineEvent('LedgerOpened', {
  origin: logOrigin(),
  vkey: verifierKeyText(),
  /** Which events are leaves, and the form of a leaf. */
  filterVersion: count(),
  leafVersion: count(),
  at: instant(),
})
/** At most ten minutes apart, so that a ledger that stands still, or whose end was cut off, is dated by the last one. */
export const LedgerHeartbeatRecorded = defineEvent('LedgerHeartbeatRecorded', { at: instant(), position: position(), size: count() })
/** Revisions that were taken out of a stream before the ledger saw them: `found` came where `expected` was due. */
export const LedgerGapFound = defineEvent('LedgerGapFound', { stream: streamName(), expected: position(), found: position(), at: instant() })

export const ledgerEvents = [LedgerOpened, LedgerHeartbeatRecorded, LedgerGapFound] as const
export type LedgerEvent = EventOf<(typeof ledgerEvents)[number]>
