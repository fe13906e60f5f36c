import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase } from '../support/database.js'
import { patient } from '../support/patience.js'

const folder = mkdtempSync(join(tmpdir(), 'caseledger-pack-'))
const file = join(folder, 'pack.json')
afterAll(() => {
  rmSync(folder, { recursive: true })
})

test('[C51] a service begins with the policies of its controller: a pack is published whole or not at all, and once', async () => {
  const { admin } = await testDatabase()
  const run = (...words: readonly string[]) =>
    spawnSync(process.execPath, ['tools/caseledger.mjs', ...words], {
      env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: admin, CASELEDGER_DATA_DIR: folder },
      encoding: 'utf8',
      timeout: patient(50_000),
    })
  type Retention = { type: string; data: { version: string; yearsAfterServiceEnd: number } }
  const pack = JSON.parse(run('policy', 'template').stdout) as { retention: [Retention] }
  const inForce = () => {
    const { status, stdout } = run('policy', 'show', '--list', 'retention', '--json')
    return [status, stdout === '' ? undefined : (JSON.parse(stdout) as unknown)]
  }
  const publish = (years: number, version = 'RET-8') => {
    const [{ type, data }] = pack.retention
    const own = { ...pack, retention: [{ type, data: { ...data, version, yearsAfterServiceEnd: years } }] }
    writeFileSync(file, JSON.stringify(own))
    const { status, stdout, stderr } = run('policy', 'publish', '--file', file)
    return { status, said: stdout + stderr }
  }
  expect(publish(-8)).toEqual({ status: 3, said: expect.stringContaining('- retention[0].data.yearsAfterServiceEnd: ') as unknown })
  expect(inForce()[0]).toBe(3)
  expect(publish(8)).toEqual({ status: 0, said: 'The policy pack is in force.\n' })
  expect(inForce()).toEqual([0, expect.objectContaining({ version: 'RET-8', yearsAfterServiceEnd: 8 })])
  expect(publish(8)).toMatchObject({ status: 0 })
  expect(publish(9, 'RET-9')).toEqual({
    status: 3,
    said: expect.stringContaining('Policies were published in this installation already') as unknown,
  })
  expect(inForce()).toEqual([0, expect.objectContaining({ version: 'RET-8', yearsAfterServiceEnd: 8 })])
})
