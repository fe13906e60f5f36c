import type { Evolve } from '#decider/decider'
import type { LedgerEvent } from './events.js'

/** What a ledger has said of itself: the keys that it is signed with, the first one first. */
export type Ledger = { readonly vkeys: readonly string[] }

const evolve: Evolve<Ledger, LedgerEvent> = {
  LedgerOpened: (_, { vkey }) => ({ vkeys: [vkey] }),
  LedgerKeyAdded: ({ vkeys }, { vkey }) => ({ vkeys: [...vkeys, vkey] }),
  LedgerEpochBegun: ledger => ledger,
  LedgerHeartbeatRecorded: ledger => ledger,
  LedgerGapFound: ledger => ledger,
  LedgerExported: ledger => ledger,
}
export const ledger = { category: 'ledger', initial: { vkeys: [] } as Ledger, evolve, standing: 'NOBODY' } as const
