import postgres from 'postgres'
import { type DatabaseUrls, rolePasswords } from './backend.js'
import { type DataDir, makeDataDir } from './data-dir.js'
import { findEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js'
import { type RolePasswords, provision } from './provision.js'
import { databaseUrl } from './settings.js'

const database = 'caseledger'
/** Shared by everybody who uses the server; who started it may stop it only when nobody else does. */
const inUse = 7303

export type LocalDatabase = {
  readonly urls: DatabaseUrls
  /** For who makes databases: DATABASE_URL, or the embedded server's superuser. */
  readonly admin: string
  readonly passwords: RolePasswords
  /** Stops the server, whoever uses it. Nothing to do for a server of the operator's own. */
  stop(): Promise<void>
  /** Done with it: stops the server if it was started here and nobody else uses it. */
  release(): Promise<void>
  /** Starts the server again, on its port, where it died. True: it had died. Nothing to do for a server of the operator's own. */
  revive(): Promise<boolean>
}

/** The database of DATABASE_URL, or the embedded PostgreSQL, started or found running; brought up to date. */
export async function localDatabase(dir: DataDir, ownServer: string | undefined = databaseUrl()): Promise<LocalDatabase> {
  makeDataDir(dir)
  return ownServer ? serverOfOnesOwn(dir, ownServer) : embeddedServer(dir)
}

async function serverOfOnesOwn(dir: DataDir, url: string): Promise<LocalDatabase> {
  const passwords = rolePasswords(dir, url)
  const urls = await provision(url, new URL(url).pathname.slice(1), passwords)
  const nothing = () => Promise.resolve()
  return { urls, admin: url, passwords, stop: nothing, release: nothing, revive: () => Promise.resolve(false) }
}

async function embeddedServer(dir: DataDir): Promise<LocalDatabase> {
  const place = { data: dir.postgres, secrets: dir.secrets }
  const wasRunning = await findEmbeddedPostgres(place) !== undefined
  const server = await startEmbeddedPostgres(place)
  const passwords = rolePasswords(dir)
  const urls = await provision(server.url, database, passwords)
  const port = Number(new URL(server.url).port)
  const use = async () => {
    const using = postgres(urls.app, { max: 1, onnotice: () => undefined, max_lifetime: null })
    await using`select pg_advisory_lock_shared(${inUse})`
    return using
  }
  let using = await use()
  return {
    urls, admin: server.url, passwords,
    stop: async () => { await using.end({ timeout: 5 }); await server.stop() },
    release: async () => {
      await using`select pg_advisory_unlock_shared(${inUse})`
      const [alone] = wasRunning ? [] : await using<{ got: boolean }[]>`select pg_try_advisory_lock(${inUse}) as got`
      await using.end()
      if (alone?.got) await server.stop()
    },
    revive: async () => {
      try { await using`select 1`; return false } catch { /* it died, or is recovering */ }
      await startEmbeddedPostgres({ ...place, port })
      await using.end({ timeout: 1 })
      using = await use()
      return true
    },
  }
}
