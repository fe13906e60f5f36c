import { isBorneOut } from '#event-store/standing'
import { dispatchProcess } from '#processes/dispatch'
import { declarationOf } from '#projections/declaration'
import type { Projection } from '#projections/projection'
import { type Progress, rebuild } from '#projections/postgres/rebuild'
import { projections } from '#read-models/all'
import type { Checkpoint } from '#merkle/checkpoint'
import type { GateReport } from '#subject-keys/restore-gate'
import type { Backend } from '#backend/backend'
import { type LedgerOutlook, ledgerOutlook, sequenceToHead } from '#backend/ledger-after-restore'

export type RecoveryStep =
  | { readonly step: 'gate'; readonly report: GateReport }
  | { readonly step: 'rebuilding'; readonly progress: Progress }
  | { readonly step: 'rebuilt'; readonly projection: string }
  | { readonly step: 'reset'; readonly process: string }
  | { readonly step: 'ledger'; readonly outlook: LedgerOutlook }

type Row = { readonly position: string; readonly event_id: string | null }
type Standing = { readonly position: bigint; readonly eventId: string | undefined }

/**
 * After a restore: the vault hears log and journal, lost fences are put back, and every projection and process that stands where the log
 * does not bear it out begins again from the log. Steps of processes are idempotent, so beginning again repeats nothing. Resumable;
 * changes nothing where nothing is wrong. The audit ledger is brought up to the log; where it cannot go on, that is only said: to end it
 * is for somebody to decide.
 * @param signed what the ledger's signer signed last, where that can be known. @throws StoreUnavailable, KeyStoreUnavailable
 */
export async function* recover(backend: Backend, signed: Checkpoint | undefined, signal?: AbortSignal): AsyncIterable<RecoveryStep> {
  const { sql, keys } = backend
  // Before anything is put back into the log.
  const outlook = await ledgerOutlook(backend, signed)
  keys.doubt()
  const report = await keys.passGate()
  if (report) yield { step: 'gate', report }
  const { projections: astray, processes } = await whatIsAstray(backend)
  if (astray.length > 0) {
    for await (const progress of rebuild(astray, { ...backend, signal })) yield { step: 'rebuilding', progress }
    for (const { name } of astray) yield { step: 'rebuilt', projection: name }
  }
  for (const process of processes) {
    await sql.begin(async tx => {
      // What the log still asks for is found again from its start; what it does not ask for any more would wait for ever.
      // What was done is done again from the log, where nothing happens twice; a hand-over that was made is not made again.
      await tx`delete from process.work where process = ${process} and (state = 'WAITING' or process <> ${dispatchProcess})`
      await tx`delete from process.unread where process = ${process}`
      await tx`update process.checkpoint set position = 0, event_id = null where process = ${process}`
    })
    yield { step: 'reset', process }
  }
  yield {
    step: 'ledger',
    outlook:
      outlook.kind === 'ends'
        ? outlook
        : await ledgerOutlook(backend, signed, () => sequenceToHead(backend, signal ?? new AbortController().signal)),
  }
}

/** The projections and processes that stand where the log does not bear it out. Changes nothing. */
export async function whatIsAstray({
  sql,
  store,
}: Pick<Backend, 'sql' | 'store'>): Promise<{ readonly projections: readonly Projection[]; readonly processes: readonly string[] }> {
  const found = { projections: [] as Projection[], processes: [] as string[] }
  for (const projection of projections) {
    // What is being built, or is another release's, the worker begins anew by itself.
    const [row] = await sql<
      Row[]
    >`select position, event_id from read_model.checkpoint where projection = ${projection.name} and not building
      and coalesce(declaration, ${declarationOf(projection)}) = ${declarationOf(projection)}`
    if (!(await isBorneOut(store, standingOf(row)))) found.projections.push(projection)
  }
  for (const { process, ...row } of await sql<
    (Row & { readonly process: string })[]
  >`select process, position, event_id from process.checkpoint order by process`) {
    if (!(await isBorneOut(store, standingOf(row)))) found.processes.push(process)
  }
  return found
}

const standingOf = (row: Row | undefined): Standing => ({ position: BigInt(row?.position ?? 0), eventId: row?.event_id ?? undefined })
