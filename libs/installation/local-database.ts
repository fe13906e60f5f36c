import postgres from 'postgres'
import { type DatabaseUrls, rolePasswords } from './backend.js'
import { type DataDir, makeDataDir } from './data-dir.js'
import { findEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js'
import { provision } from './provision.js'

const database = 'caseledger'
/** Shared by everybody who uses the server; who started it may stop it only when nobody else does. */
const inUse = 7303

export type LocalDatabase = {
  readonly urls: DatabaseUrls
  /** Stops the server, whoever uses it. */
  stop(): Promise<void>
  /** Done with it: stops the server if it was started here and nobody else uses it. */
  release(): Promise<void>
}

/** Starts the local PostgreSQL, or finds it running, and brings its database up to date. */
export async function localDatabase(dir: DataDir): Promise<LocalDatabase> {
  makeDataDir(dir)
  const wasRunning = await findEmbeddedPostgres({ data: dir.postgres, secrets: dir.secrets }) !== undefined
  const server = await startEmbeddedPostgres({ data: dir.postgres, secrets: dir.secrets })
  const urls = await provision(server.url, database, rolePasswords(dir))
  const using = postgres(urls.app, { max: 1, onnotice: () => undefined, max_lifetime: null })
  await using`select pg_advisory_lock_shared(${inUse})`
  return {
    urls,
    stop: async () => { await using.end(); await server.stop() },
    release: async () => {
      await using`select pg_advisory_unlock_shared(${inUse})`
      const [alone] = wasRunning ? [] : await using<{ got: boolean }[]>`select pg_try_advisory_lock(${inUse}) as got`
      await using.end()
      if (alone?.got) await server.stop()
    },
  }
}
