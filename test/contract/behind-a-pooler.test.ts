import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stopsForGood } from '#hosting/own-process'
import { TransactionPooler, assertSessions } from '#hosting/pooler'
import { testDatabase } from '../support/database.js'
import { Pooler } from '../support/pooler.js'

let database: Awaited<ReturnType<typeof testDatabase>>
let pooler: Pooler
const before = async (...mode: Parameters<typeof Pooler.before> extends [string, ...infer M] ? M : never) => {
  pooler = await Pooler.before(database.admin, ...mode)
}
beforeEach(async () => {
  database = await testDatabase()
})
afterEach(() => {
  pooler.close()
})

test.each([
  { size: 1, inTurn: false },
  { size: 2, inTurn: false },
  { size: 2, inTurn: true },
  { size: 5, inTurn: true },
])('a pool of transactions is told, whatever its size and order: %j', async mode => {
  await before({ pool: 'transaction', ...mode })
  await expect(assertSessions(pooler.through(database.admin), 'DATABASE_URL')).rejects.toBeInstanceOf(TransactionPooler)
})
test('a pool of sessions is none, nor is a database without one', async () => {
  await before({ pool: 'session', size: 2 })
  for (const url of [pooler.through(database.admin), database.admin])
    await expect(assertSessions(url, 'DATABASE_URL')).resolves.toBeUndefined()
})
describe('processes that are started behind one', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'caseledger-pooler-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const ended = (program: readonly string[], settings: object) =>
    new Promise<{ status: number | null; stderr: string }>(resolve => {
      const child = spawn(process.execPath, program, {
        env: { ...process.env, NODE_OPTIONS: '', PORT: '0', CASELEDGER_DATA_DIR: folder, ...settings },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let stderr = ''
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString()
      })
      child.once('close', status => {
        resolve({ status, stderr })
      })
    })
  const app = (name: string) => [join(process.cwd(), `dist/run/${name}/main.js`)]
  const words = new RegExp(
    'is behind a pooler that pools transactions, such as PgBouncer with pool_mode=transaction: .* '
      + 'Let .*DATABASE_URL name PostgreSQL itself, or a pool of sessions',
  )

  test('API and worker end for good, with the setting to change', async () => {
    await before({ pool: 'transaction', size: 3 })
    const { app: asApp, vault } = database.urls
    for (const settings of [
      { DATABASE_URL: pooler.through(database.admin) },
      { CASELEDGER_APP_DATABASE_URL: pooler.through(asApp), CASELEDGER_VAULT_DATABASE_URL: vault },
    ])
      for (const name of ['api', 'worker'])
        expect(await ended(app(name), settings)).toEqual({ status: stopsForGood, stderr: expect.stringMatching(words) as string })
  })
  test('a command of the command line says it, too', async () => {
    await before({ pool: 'transaction', size: 3 })
    const { stderr } = await ended([join(process.cwd(), 'tools/caseledger.mjs'), 'projections', 'status'], {
      DATABASE_URL: pooler.through(database.admin),
    })
    expect(stderr).toMatch(words)
  })
})
