import type { Sql } from 'postgres'
import { NoAnswer, withPatience } from '#event-store/patience'
import { isConnectionError } from '#kernel/error-kind'
import { hindranceIn } from '#kernel/outage'
import { type DataDir, makeDataDir } from './data-dir.js'
import { findEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js'
import { lastingConnection } from './one-connection.js'
import { embeddedPart } from './postmaster.js'
import { assertSessions } from './pooler.js'
import { provision } from './provision.js'
import { databasePart, isDatabaseError } from './reached.js'
import { type DatabaseUrls, type RolePasswords, rolePasswords } from './role-passwords.js'
import { databaseUrl } from './settings.js'
import { PartAway, patiently } from './waiting.js'

const database = 'caseledger'
/** Shared by everybody who uses the server; who started it may stop it only when nobody else does. */
const inUse = 7303
const answerWithin = 15_000
const portOf = (url: string) => Number(new URL(url).port)

export type LocalDatabase = {
  readonly urls: DatabaseUrls
  /** For who makes databases: DATABASE_URL, or the embedded server's superuser. */
  readonly admin: string
  readonly passwords: RolePasswords
  /** Stops the server, whoever uses it. Nothing to do for a server of the operator's own. */
  stop(): Promise<void>
  /** Done with it: stops the server if it was started here and nobody else uses it. */
  release(): Promise<void>
  /**
   * Starts the server again, on its port, where it died. True: it had died. Nothing to do for a server of the operator's own. @throws
   * PartAway when patience is over
   */
  revive(): Promise<boolean>
}

/**
 * The database of DATABASE_URL, or the embedded PostgreSQL, started or found running; brought up to date. The embedded one is waited for,
 * until the signal aborts.
 * @throws TransactionPooler; PartAway for one of the operator's own that does not answer, or does not let us
 */
export async function localDatabase(
  dir: DataDir,
  ownServer: string | undefined = databaseUrl(),
  signal: AbortSignal = new AbortController().signal,
): Promise<LocalDatabase> {
  makeDataDir(dir)
  return ownServer ? serverOfOnesOwn(dir, ownServer) : embeddedServer(dir, signal)
}

async function serverOfOnesOwn(dir: DataDir, url: string): Promise<LocalDatabase> {
  const passwords = rolePasswords(dir, url)
  const provisioned = async () => {
    // A database that is still to be made has no sessions yet.
    await assertSessions(url, 'DATABASE_URL').catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== '3D000') throw error
    })
    return provision(url, new URL(url).pathname.slice(1), passwords)
  }
  const urls = await provisioned().catch((error: unknown) => {
    throw isDatabaseError(error) ? new PartAway(databasePart(url, 'DATABASE_URL'), hindranceIn(error)) : error
  })
  const nothing = () => Promise.resolve()
  return { urls, admin: url, passwords, stop: nothing, release: nothing, revive: () => Promise.resolve(false) }
}

async function embeddedServer(dir: DataDir, signal: AbortSignal): Promise<LocalDatabase> {
  const place = { data: dir.postgres, secrets: dir.secrets }
  const wasRunning = (await findEmbeddedPostgres(place)) !== undefined
  const passwords = rolePasswords(dir)
  // One that dies while it is brought up to date is started again.
  const opened = await patiently(
    async () => {
      const server = await startEmbeddedPostgres({ ...place, signal })
      try {
        const urls = await provision(server.url, database, passwords)
        return { server, urls, using: await usedIn(urls) }
      } catch (error) {
        throw isConnectionError(error) || error instanceof NoAnswer
          ? new PartAway(embeddedPart(dir.postgres, portOf(server.url)), hindranceIn(error))
          : error
      }
    },
    { signal },
  )
  const { server, urls } = opened
  const port = portOf(server.url)
  let { using } = opened
  return {
    urls,
    admin: server.url,
    passwords,
    stop: async () => {
      await using.sql.end({ timeout: 1 })
      await server.stop()
    },
    release: async () => {
      await using.sql`select pg_advisory_unlock_shared(${inUse})`
      const [alone] = wasRunning ? [] : await using.sql<{ got: boolean }[]>`select pg_try_advisory_lock(${inUse}) as got`
      await using.sql.end({ timeout: 1 })
      if (alone?.got) await server.stop()
    },
    revive: async () => {
      try {
        if (!using.isLost()) {
          await withPatience(answerWithin, using.sql`select 1`)
          return false
        }
      } catch {
        /* it died, is recovering, or does not answer */
      }
      await startEmbeddedPostgres({ ...place, port, signal })
      await using.sql.end({ timeout: 1 })
      using = await usedIn(urls)
      return true
    },
  }
}

/** A connection that says, as long as it is open, that somebody uses the server. */
type InUse = { readonly sql: Sql; isLost(): boolean }
async function usedIn({ app }: DatabaseUrls): Promise<InUse> {
  let lost = false
  const sql = lastingConnection(app, () => {
    lost = true
  })
  try {
    await withPatience(answerWithin, sql`select pg_advisory_lock_shared(${inUse})`)
  } catch (error) {
    await sql.end({ timeout: 0 })
    throw error
  }
  return { sql, isLost: () => lost }
}
