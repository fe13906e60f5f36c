import type { EventStore } from '#event-store/event-store'
import type { Checkpoint } from '#merkle/checkpoint'
import type { VerifierKey } from '#merkle/note-key'
import type { TrustPolicy } from '#merkle/trust-policy'
import { Report } from '#verifier/verdict'
import type { Remembered } from '../remembered.js'
import { CheckpointCheck } from './fsck-checkpoints.js'
import { checkEnded } from './fsck-ended.js'
import { checkOutOfPlace } from './fsck-out-of-place.js'
import { StoreCheck } from './fsck-store.js'
import { TreeCheck } from './fsck-tree.js'
import type { LedgerReader } from './ledger-reader.js'
import type { Standing } from './ledger-rows.js'

export type FsckParts = { readonly ledger: LedgerReader; readonly store: EventStore }
export type FsckOptions = {
  readonly deep: boolean
  readonly signal: AbortSignal
  /** What the signer remembers, where nobody else was asked. */ readonly signed?: Checkpoint | undefined
  /** What those outside the database remember: every checkpoint of the sink, the newest of the others. */
  readonly remembered?: readonly Remembered[]
  /** By whose keys cosignatures are checked. */ readonly policy?: TrustPolicy | undefined
}
/** What was found, and what was not looked at, in words. */
export class FsckReport extends Report {
  readonly notLookedAt: string[] = []
}
const pageSize = 1_000

/**
 * Checks the ledger in the database against what was signed and, when it is to be `deep`, against what the event store holds: names
 * exactly what differs. Every ledger is checked, also one that ended; against the event store, the one that goes on. Tells how many leaves
 * are done; ends with the report.
 * @param keys of which one signed each checkpoint: from the signer, or from a policy of one's own. @throws StoreUnavailable; what the
 * signal aborts with
 */
export async function* fsck(
  parts: FsckParts,
  keys: readonly VerifierKey[],
  options: FsckOptions,
): AsyncGenerator<{ readonly done: number; readonly of: number }, FsckReport> {
  const report = new FsckReport()
  report.looked('tree', 'consistency', 'headers', 'completeness', ...(options.deep ? (['payloads'] as const) : []))
  await checkOutOfPlace(parts.store.whole, report)
  const ledgers = await parts.ledger.stored.ledgers()
  const remembered = rememberedBy(options, ledgers)
  const unread = options.deep ? undefined : unreadOf(parts.store)
  if (unread !== undefined) report.notLookedAt.push(unread)
  sayNotLookedAt(remembered, report)
  checkWhichGoesOn(ledgers, remembered, report)
  for (const { table, rows } of await parts.ledger.stored.orphans())
    report.found({
      check: 'completeness',
      result: 'failed',
      what: `${rows} rows of ledger.${table} belong to no ledger, or to no checkpoint`,
    })
  const of = ledgers.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  for (const ledger of ledgers) {
    for await (const leaves of checkOne(
      parts,
      ledger,
      { ...options, keys, remembered, ended: ledgers.filter(({ isLive }) => !isLive) },
      report,
    ))
      yield { done: (done += leaves), of }
  }
  return report
}

type Against = FsckOptions & {
  readonly keys: readonly VerifierKey[]
  readonly remembered: readonly Remembered[]
  readonly ended: readonly Standing[]
}

async function* checkOne(
  { ledger, store }: FsckParts,
  standing: Standing & { readonly isLive: boolean },
  { deep, signal, ended, ...believed }: Against,
  report: FsckReport,
): AsyncGenerator<number> {
  const { log, origin, size, position, isLive } = standing
  const tree = new TreeCheck(ledger, standing, report)
  const checkpoints = new CheckpointCheck(ledger, standing, { ...believed, isLive }, report)
  const beside = isLive ? new StoreCheck(store, origin, report, deep) : undefined
  try {
    await checkpoints.begin()
    for (let from = 0; from < size; from += pageSize) {
      signal.throwIfAborted()
      const leaves = await ledger.leaves(log, from, Math.min(pageSize, size - from))
      for (const leaf of leaves) {
        const header = await tree.take(leaf)
        if (header) await beside?.take(header, leaf)
        checkpoints.grown(tree.edge, tree.created)
      }
      yield leaves.length
      if (leaves.length === 0) break
    }
    await tree.end()
    await checkpoints.end(tree.edge.size)
    await beside?.end(position)
    if (deep && beside) await checkEnded(ledger, ended, beside.epochs, report)
  } finally {
    beside?.stop()
  }
  if (isLive)
    report.remark('payloads', deep ? `${tree.edge.size} leaves were compared with the event store.` : `Not read: ${unreadOf(store)}.`)
}

/** A signer of another installation, which one may have at hand, says nothing of this one. */
const rememberedBy = ({ remembered, signed }: FsckOptions, ledgers: readonly Standing[]): readonly Remembered[] =>
  remembered
  ?? (signed && ledgers.some(({ origin }) => origin === signed.origin)
    ? [{ by: 'the signer', kind: 'remembers', checkpoints: [{ ...signed, note: '' }] }]
    : [])

/** What only a deep check reads. */
const unreadOf = ({ whole }: EventStore) =>
  whole.positions ? 'what the event store holds at its positions (fsck --deep reads it)' : 'the event store (fsck --deep reads it)'

/** Named first, because what was not looked at is not well. */
function sayNotLookedAt(remembered: readonly Remembered[], report: FsckReport) {
  for (const said of remembered) if (said.kind === 'not asked') report.notLookedAt.push(`what is remembered by ${said.by} (${said.why})`)
  report.notLookedAt.push('who may do what in the database (caseledger doctor)')
}

/** One ledger goes on, and it is the one that is signed. */
function checkWhichGoesOn(
  ledgers: readonly (Standing & { readonly isLive: boolean })[],
  remembered: readonly Remembered[],
  report: FsckReport,
) {
  const failed = (what: string) => {
    report.found({ check: 'completeness', result: 'failed', what })
  }
  const live = ledgers.find(({ isLive }) => isLive)
  if (ledgers.length === 0) report.remark('tree', 'There is no ledger yet.')
  else if (!live)
    failed(
      `No ledger goes on: ${ledgers.map(({ origin }) => origin).join(', ')} has ended. `
        + 'Where nobody ended it (caseledger ledger freeze), somebody changed ledger.log',
    )
  for (const said of remembered) {
    if (said.kind === 'not believed') failed(`What ${said.by} keeps is not to be believed: ${said.why}`)
    const last = said.kind === 'remembers' ? said.checkpoints.at(-1) : undefined
    if (!last || last.size === 0 || last.origin === live?.origin) continue
    if (!ledgers.some(({ origin }) => origin === last.origin))
      failed(`There is no ledger ${last.origin} in the database, and ${said.by} remembers ${last.size} leaves of it`)
    else if (said.by === 'the signer') failed(`The signer signs for ${last.origin}, which has ended in the database`)
  }
}
