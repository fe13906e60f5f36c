import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from './embedded-postgres.js'

/**
 * A PostgreSQL for one run of the tests, gone afterwards. It does not fsync: what crashes must survive is tested with `npm start`'s own.
 */
export async function startTestPostgres({ durable = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-test-'))
  const server = await startEmbeddedPostgres({ data: join(folder, 'postgres'), secrets: join(folder, 'secrets'), durable })
  return {
    url: server.url,
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
