import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Standalone, hourAgo, referral } from '../support/standalone.js'

/** Back-ups of the data folder are cold copies, as docs/operations.md has them; the key folder lies outside and is never rolled back. */
const keys = mkdtempSync(join(tmpdir(), 'caseledger-keys-'))
const copies = mkdtempSync(join(tmpdir(), 'caseledger-copies-'))
process.env['CASELEDGER_KEYS_DIR'] = keys

let s: Standalone
beforeAll(async () => { s = await Standalone.start() }, 120_000)
afterAll(async () => {
  await s.end()
  for (const folder of [keys, copies]) rmSync(folder, { recursive: true, force: true })
})

const refer = async (name: string) => (await s.post('back-office', '/referrals', referral({ name }))).body['subjectRef'] as string
async function erase(ref: string) {
  const { requestId } = (await s.post('ips-worker', `/subjects/${ref}/erasure-requests`, { channel: 'PHONE', receivedAt: hourAgo(), grounds: 'OBJECTION', words: 'please' })).body
  expect((await s.post('dpo', `/subjects/${ref}/erasure-requests/${String(requestId)}/decision`, { decision: 'APPROVED', consequenceExplainedAt: hourAgo() })).status).toBe(200)
  await s.until(() => s.get('auditor', `/subjects/${ref}/erasure-certificate`), ({ status }) => status === 200)
}
const nameOf = async (ref: string) => (await s.until(() => s.get('back-office', `/subjects/${ref}/case?purpose=REFERRAL_INTAKE`), ({ status }) => status !== 503)).body['fields'] as Record<string, unknown> | undefined
async function copy(name: string) {
  expect(await s.stop()).toBe(0)
  cpSync(s.dir, join(copies, name), { recursive: true })
  await s.up()
}
async function putBack(name: string) {
  expect(await s.stop()).toBe(0)
  rmSync(s.dir, { recursive: true, force: true })
  cpSync(join(copies, name), s.dir, { recursive: true })
}

test('yesterday’s data folder put back: what was erased since stays erased, and recover says what is missing', async () => {
  for (const role of ['dpo', 'ips-worker', 'back-office', 'auditor'] as const) s.token(role)
  const [kept, erased] = [await refer('Thaddeus Kept'), await refer('Philippa Gone')]
  await s.until(() => s.get('back-office', `/subjects/${erased}/case?purpose=REFERRAL_INTAKE`), ({ status }) => status === 200)
  await copy('yesterday')
  await erase(erased)
  const young = process.env['CASELEDGER_EVENT_STORE'] === 'eventstoredb' ? await refer('Young Lost') : undefined
  await putBack('yesterday')
  const recovered = s.cli('recover')
  // With the log in the same folder both are old and only the journal knows; with EventStoreDB the log is today's, and the young key is lost.
  expect([recovered.status, recovered.stdout]).toEqual([young === undefined ? 0 : 1, expect.stringContaining(young === undefined ? 'Fences put back into the log: 1. Keys lost: 0.' : 'destroyed again: 1. Fences put back into the log: 0.')])
  await s.up()
  expect((await nameOf(kept))?.['ID.name']).toBe('Thaddeus Kept')
  expect((await nameOf(erased))?.['ID.name']).toEqual({ erased: true })
  if (young !== undefined) expect((await s.get('back-office', `/subjects/${young}/case?purpose=REFERRAL_INTAKE`)).body['code']).toBe('KEY_LOST')
  expect(s.cli('replay', '--check').status).toBe(0)
}, 240_000)

test('after keys rotate an old copy of the data folder opens nothing with today’s key folder, and says why', async () => {
  const erased = await refer('Rosalind Rotated')
  await copy('before-rotation')
  await erase(erased)
  const rotated = s.cli('keys', 'rotate')
  expect([rotated.status, rotated.stdout]).toEqual([0, expect.stringContaining('is destroyed')])
  expect((await nameOf(erased))?.['ID.name']).toEqual({ erased: true })
  const old = s.cliOn(join(copies, 'before-rotation'), 'keys', 'reconcile')
  expect([old.status, old.stderr]).toEqual([3, expect.stringContaining('The key folder does not fit this vault')])
}, 240_000)

test('a database in a new place, from a copy: everything is found again', async () => {
  const ref = await refer('Cornelius Moved')
  await s.until(() => s.get('back-office', `/subjects/${ref}/case?purpose=REFERRAL_INTAKE`), ({ status }) => status === 200)
  await copy('moved')
  await s.stop()
  const moved = await Standalone.start(join(copies, 'moved'))
  try {
    const { body } = await moved.until(() => moved.get('back-office', `/subjects/${ref}/case?purpose=REFERRAL_INTAKE`), ({ status }) => status === 200)
    expect((body['fields'] as Record<string, unknown>)['ID.name']).toBe('Cornelius Moved')
  } finally { await moved.stop() }
}, 240_000)
