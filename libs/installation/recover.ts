import { isBorneOut } from '#event-store/standing'
import { dispatchProcess } from '#processes/dispatch'
import type { Projection } from '#projections/projection'
import { type Progress, rebuild } from '#projections/postgres/rebuild'
import { projections } from '#read-models/all'
import type { GateReport } from '#subject-keys/restore-gate'
import type { Backend } from './backend.js'

export type RecoveryStep =
  | { readonly step: 'gate'; readonly report: GateReport }
  | { readonly step: 'rebuilding'; readonly progress: Progress }
  | { readonly step: 'rebuilt'; readonly projection: string }
  | { readonly step: 'reset'; readonly process: string }

type Standing = { readonly position: bigint; readonly eventId: string | undefined }

/**
 * After a restore: the vault hears log and journal, lost fences are put back, and every projection and process that stands where the log does not bear it out
 * begins again from the log. Steps of processes are idempotent, so beginning again repeats nothing. Resumable; changes nothing where nothing is wrong.
 * @throws StoreUnavailable, KeyStoreUnavailable
 */
export async function* recover(backend: Backend, signal?: AbortSignal): AsyncIterable<RecoveryStep> {
  const { sql, store, keys } = backend
  keys.doubt()
  const report = await keys.passGate()
  if (report) yield { step: 'gate', report }
  const astray: Projection[] = []
  for (const projection of projections) {
    const [row] = await sql<{ position: string; event_id: string | null }[]>`select position, event_id from read_model.checkpoint where projection = ${projection.name}`
    if (!await isBorneOut(store, standingOf(row))) astray.push(projection)
  }
  if (astray.length > 0) {
    for await (const progress of rebuild(astray, { ...backend, signal })) yield { step: 'rebuilding', progress }
    for (const { name } of astray) yield { step: 'rebuilt', projection: name }
  }
  for (const { process, ...row } of await sql<{ process: string; position: string; event_id: string | null }[]>`select process, position, event_id from process.checkpoint order by process`) {
    if (await isBorneOut(store, standingOf(row))) continue
    await sql.begin(async tx => {
      // What the log still asks for is found again from its start; what it does not ask for any more would wait for ever.
      // What was done is done again from the log, where nothing happens twice; a hand-over that was made is not made again.
      await tx`delete from process.work where process = ${process} and (state = 'WAITING' or process <> ${dispatchProcess})`
      await tx`delete from process.unread where process = ${process}`
      await tx`update process.checkpoint set position = 0, event_id = null where process = ${process}`
    })
    yield { step: 'reset', process }
  }
}

const standingOf = (row: { readonly position: string; readonly event_id: string | null } | undefined): Standing => ({ position: BigInt(row?.position ?? 0), eventId: row?.event_id ?? undefined })
