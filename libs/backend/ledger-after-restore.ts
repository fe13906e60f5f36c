import type { EventStore } from '#event-store/event-store'
import { isBorneOut } from '#event-store/standing'
import { LedgerJournal } from '#ledger/journal'
import type { LedgerReader } from '#ledger/postgres/ledger-reader'
import { Sequencer } from '#ledger/postgres/sequencer'
import type { Checkpoint } from '#merkle/checkpoint'
import { sameHash } from '#merkle/tree-hash'
import { machineFacts } from '#commands/machine-facts'
import type { Backend } from './backend.js'

/** Whether the audit ledger can go on over this log, and from what its signer signed last. */
export type LedgerOutlook =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'goes on'
      readonly origin: string
      /** Leaves that were signed, and that are sequenced again from the log. */ readonly again: number
    }
  /** `log`: the log lost what the ledger holds. `signer`: the signer signed a ledger to which this log does not lead. */
  | { readonly kind: 'ends'; readonly origin: string; readonly by: 'log' | 'signer'; readonly why: string }

type LedgerAndLog = { readonly ledger: Pick<LedgerReader, 'standing' | 'rootAt'>; readonly store: Pick<EventStore, 'whole'> }

/**
 * @param signed what the signer signed last, where it can be known. @param sequence brings the ledger up to the log, where the log is
 * long enough; without it, as for a dry run, what the log adds is counted and not compared. @throws StoreUnavailable
 */
export async function ledgerOutlook(
  { ledger, store }: LedgerAndLog,
  signed: Checkpoint | undefined,
  sequence?: () => Promise<void>,
): Promise<LedgerOutlook> {
  const standing = await ledger.standing()
  if (!standing) return { kind: 'none' }
  const { origin, log, size } = standing
  if (!(await isBorneOut(store.whole, standing)))
    return { kind: 'ends', origin, by: 'log', why: `the log no longer holds the event of its last leaf (it has ${size})` }
  if (signed?.origin !== origin) return { kind: 'goes on', origin, again: 0 }
  // Counted first: a newer copy of the log may still be found, and then the ledger must not hold what this one has.
  const leads = signed.size <= size ? size : size + (await countAfter(store, standing.position))
  if (leads < signed.size)
    return { kind: 'ends', origin, by: 'signer', why: `its signer signed ${signed.size} leaves, and this log leads to ${leads}` }
  await sequence?.()
  const holds = (await ledger.standing())?.size ?? 0
  if (signed.size > 0 && signed.size <= holds && !sameHash(await ledger.rootAt(log, signed.size), signed.root))
    return { kind: 'ends', origin, by: 'signer', why: `its signer signed another ledger of ${signed.size} leaves` }
  return { kind: 'goes on', origin, again: Math.max(0, signed.size - size) }
}

/** Brings the ledger up to the log, as the worker does, with the service stopped. @throws as `Sequencer.run` */
export async function sequenceToHead(
  { sql, store, ledger, folds, codec, clock }: Pick<Backend, 'sql' | 'store' | 'ledger' | 'folds' | 'codec' | 'clock'>,
  signal: AbortSignal,
): Promise<void> {
  const standing = await ledger.standing()
  if (!standing) return
  const journal = new LedgerJournal(store, folds, codec, clock, standing.origin, { ...machineFacts(), purpose: 'LEGAL_OBLIGATION' })
  const done = new AbortController()
  await new Sequencer(sql, store.whole, standing.origin, {
    gap: gap => journal.gap(gap),
    caughtUp: () => {
      done.abort()
    },
  }).run(AbortSignal.any([signal, done.signal]))
  signal.throwIfAborted()
}

async function countAfter({ whole }: LedgerAndLog['store'], after: bigint): Promise<number> {
  const stop = new AbortController()
  let count = 0
  for await (const item of whole.follow({ after, signal: stop.signal }))
    if ('caughtUp' in item) stop.abort()
    else count++
  return count
}

/** What an operator does about a ledger that cannot go on: commands that can be copied. */
export const ledgerRemedy = ({ origin, why }: Extract<LedgerOutlook, { kind: 'ends' }>, signerFolder: string): string =>
  [
    `The audit ledger ${origin} cannot go on: ${why}. If a newer copy of the log exists, restore that one. `
      + 'Else the ledger ends where it was signed last, and another begins, which says so:',
    `  npx caseledger ledger freeze --origin ${origin}`,
    `  CASELEDGER_SIGNER_DIR=${signerFolder}-2 npm start`,
    'Keep that setting. By hand, start the signer with a new folder and --initialise <a new name>; keep the old folder. '
      + 'Tell the auditors: they take the new key into their trust policy.',
  ].join('\n')
