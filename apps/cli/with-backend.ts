import { type Backend, openBackend } from '#backend/backend'
import { type DataDir, dataDir } from '#hosting/data-dir'
import type { WhichLog } from '#backend/log-and-vault'
import { NoInstallation, installationsNearby, isInstalled } from '#hosting/installations'
import { assertSettings, databaseUrl, eventStoreChoice } from '#hosting/settings'
import { type LocalDatabase, localDatabase } from '#hosting/local-database'

export type Opened = {
  readonly backend: Backend
  readonly dir: DataDir
  readonly database: LocalDatabase
  /** Aborts on Ctrl-C: long work ends where it can be resumed. */ readonly signal: AbortSignal
}

/** Ctrl-C, or a request to end: what was done so far stays done. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted. What was done so far stays done; the same command goes on from there.')
  }
}

type Where = {
  readonly dir?: DataDir
  readonly log?: WhichLog
  /** The command may begin an installation. Undefined: it never does. */
  readonly mayMake?: boolean
}

/**
 * Runs something against this installation, starting the embedded PostgreSQL for it where it does not run. @throws NoInstallation in place
 * of making a second one beside the one that was meant
 */
export async function withBackend<const T>(
  work: (opened: Opened) => Promise<T>,
  { dir = dataDir(), log = 'own', mayMake }: Where = {},
): Promise<T> {
  assertSettings()
  if (process.env['CASELEDGER_APP_DATABASE_URL'] && !databaseUrl())
    throw new Error('The command line needs DATABASE_URL: with the URLs of the two roles alone it would work on another database.')
  if (!databaseUrl() && !isInstalled(dir) && mayMake !== true)
    throw new NoInstallation(
      dir.root,
      installationsNearby(),
      mayMake === undefined ? 'npm start makes one.' : 'npm start makes one, and so does this command with --new.',
    )
  const interrupted = new AbortController()
  const stop = () => {
    interrupted.abort(new Interrupted())
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const database = await localDatabase(dir)
  try {
    const backend = await openBackend(database.urls, dir, eventStoreChoice(), log)
    try {
      return await work({ backend, dir, database, signal: interrupted.signal })
    } finally {
      await backend.close()
    }
  } finally {
    await database.release()
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}
