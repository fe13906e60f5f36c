import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inDatabase } from '#hosting/provision'
import { withoutInstallation } from '#hosting/settings'
import { asAdmin, testServer } from '../support/database.js'

const folder = mkdtempSync(join(tmpdir(), 'caseledger-operator-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('the demo, called with an operator’s settings, tells its whole story and touches nothing of theirs', async () => {
  const database = `t_${randomBytes(6).toString('hex')}`
  const theirs = {
    DATABASE_URL: inDatabase(testServer(), database),
    CASELEDGER_DATA_DIR: join(folder, 'data'),
    CASELEDGER_KEYS_DIR: join(folder, 'keys'),
    CASELEDGER_BACKUP_DIR: join(folder, 'backups'),
    CASELEDGER_SIGNER_DIR: join(folder, 'signer'),
    CASELEDGER_EVENT_STORE: 'eventstoredb',
    EVENTSTOREDB_URL: 'esdb://127.0.0.1:9?tls=false',
    CASELEDGER_EVENT_STORE_NAMESPACE: 'theirs',
  }
  const child = spawn(process.execPath, ['tools/demo.mjs'], {
    env: { ...process.env, ...theirs, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  expect(await new Promise(resolve => child.once('exit', resolve))).toBe(0)
  expect(said).toMatch(/Her keys: +3 destroyed, 0 found[^]*The proof: the history was not rewritten/)
  // What was shared went out before she asked to be erased: whoever has it is to be told.
  expect(said).toMatch(/notices to those it was shared with: outstanding[^]* DataShared → DisclosureDispatched → /)
  expect(Object.values(theirs).filter(value => existsSync(value))).toEqual([])
  await asAdmin(testServer(), async sql => {
    expect(await sql`select from pg_database where datname = ${database}`).toHaveLength(0)
  })
}, 120_000)
test('what says where an operator’s data are is left out, and nothing else', () => {
  expect(
    withoutInstallation({
      PATH: '/bin',
      DATABASE_URL: 'a',
      CASELEDGER_KEYS_DIR: 'b',
      CASELEDGER_EVENT_STORE: 'c',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'd',
      CI: 'true',
    }),
  ).toEqual({ PATH: '/bin', CI: 'true' })
})
