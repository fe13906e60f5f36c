import { type DatabaseUrls, rolePasswords } from './backend.js'
import { type DataDir, makeDataDir } from './data-dir.js'
import { type EmbeddedPostgres, findEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js'
import { provision } from './provision.js'

export const database = 'caseledger'

/** Starts the local PostgreSQL, or finds it running, and brings its database up to date. */
export async function localDatabase(dir: DataDir): Promise<{ readonly urls: DatabaseUrls; readonly postgres: EmbeddedPostgres; readonly wasRunning: boolean }> {
  makeDataDir(dir)
  const wasRunning = await findEmbeddedPostgres({ data: dir.postgres, secrets: dir.secrets }) !== undefined
  const postgres = await startEmbeddedPostgres({ data: dir.postgres, secrets: dir.secrets })
  return { postgres, wasRunning, urls: await provision(postgres.url, database, rolePasswords(dir)) }
}
