import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { type Backend, openBackend } from '#backend/backend'
import { type DataDir, dataDir } from '#hosting/data-dir'
import { publishFirstPolicyPack } from '#backend/first-policy-pack'
import { inDatabase, provision } from '#hosting/provision'
import { startTestPostgres } from '#hosting/test-postgres'

/** A backend over a PostgreSQL of its own that fsyncs. */
export type Rig = { readonly backend: Backend; readonly dir: DataDir; /** The superuser's URL of the server. */ readonly server: string }

export async function* onItsOwn<T>(work: (rig: Rig) => AsyncIterable<T>): AsyncIterable<T> {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-bench-'))
  const server = await startTestPostgres({ durable: true })
  try {
    const dir = dataDir({ CASELEDGER_DATA_DIR: folder })
    const urls = await provision(server.url, 'bench', { app: 'bench-app', vault: 'bench-vault' })
    const backend = await openBackend(urls, dir, { kind: 'postgres' })
    try {
      await publishFirstPolicyPack(backend)
      yield* work({ backend, dir, server: server.url })
    } finally {
      await backend.close()
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Seconds that the work took. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1_000
}

export const millisecondsOf = async (work: () => Promise<unknown>): Promise<number> => 1_000 * (await secondsOf(work))

/** An empty database on the rig's server, for another store to be measured against. */
export async function databaseBeside(server: string, name: string): Promise<string> {
  const admin = postgres(server, { max: 1, onnotice: () => undefined })
  await admin.unsafe(`create database ${name}`)
  await admin.end()
  return inDatabase(server, name)
}

/** Projections stand at the head, as they do in a service that is up to date: a rebuild builds as far as its live one stands. */
export async function standAtHead(
  { sql, store }: Pick<Backend, 'sql' | 'store'>,
  projections: readonly { readonly name: string }[],
): Promise<void> {
  const position = (await store.head()) ?? 0n
  const last = await store.at(position)
  const names = projections.map(({ name }) => name)
  await sql`update read_model.checkpoint set position = ${String(position)}, event_id = ${last?.id ?? null}
    where projection = any (${names})`
}
