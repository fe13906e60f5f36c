import { refer } from '../support/people.js'
import { defaultPack } from '#policy/default-pack'
import { openDoors } from '../support/doors.js'
import { versionOf } from '../support/good-policies.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeEach(async () => {
  doors = await openDoors()
})
afterEach(() => doors.close())

const { retention, notice, recipients, assessments } = defaultPack
const publish = async (list: string, body: object, role: 'accountable-executive' | 'dpo' | 'ips-worker' = 'accountable-executive') => {
  const { status, body: answer } = await doors.tell(role, `policies/${list}`, body)
  return { status, ...answer } as { readonly status: number } & Readonly<Record<string, unknown>>
}
const inForce = async (list: string) => (await doors.read('dpo', `policies/${list}`)).body['items'] as readonly Record<string, unknown>[]
const since = { effectiveFrom: undefined }

test('[C53] a notice comes before a retention period that it names, and both hold from their day', async () => {
  const shorter = versionOf(retention[0], { yearsAfterServiceEnd: 8, version: 'RET-8', ...since })
  expect(await publish('retention', shorter)).toMatchObject({ status: 422, code: 'NOTICE_NOT_UPDATED' })
  expect(await publish('notices', versionOf(notice[0], { version: 'NOTICE-2', ...since }))).toMatchObject({
    status: 201,
    version: 'NOTICE-2',
  })
  expect(await publish('retention', shorter)).toMatchObject({ status: 201, version: 'RET-8' })
  expect(await inForce('retention')).toEqual([expect.objectContaining({ version: 'RET-8', yearsAfterServiceEnd: 8 })])
  expect(await publish('notices', versionOf(notice[0], { version: 'NOTICE-3' }))).toMatchObject({ status: 201 })
  expect((await inForce('notices')).map(({ version }) => version)).toEqual(['DEMO-1', 'NOTICE-2'])
})
test('[C03] what was published stays: a version once, and from no time that has passed; the refusal names the field', async () => {
  const next = versionOf(notice[0], { version: 'NOTICE-2' })
  expect(await publish('notices', next)).toMatchObject({ status: 201 })
  expect(await publish('notices', next)).toMatchObject({ status: 409, code: 'POLICY_VERSION_TAKEN', errors: [{ field: 'version' }] })
  const past = { ...next, version: 'NOTICE-0', effectiveFrom: '2026-01-01T01:00:00+01:00' }
  expect(await publish('notices', past)).toMatchObject({ status: 409, code: 'POLICY_NOT_AHEAD', errors: [{ field: 'effectiveFrom' }] })
})
test('[C24] the next decision goes by the recipient matrix that was published', async () => {
  const subjectRef = await refer(doors.w)
  const check = async () =>
    (
      await doors.tell('ips-worker', `subjects/${subjectRef}/disclosures/check`, {
        recipient: 'DWP-JCP',
        purpose: 'EMPLOYMENT_SUPPORT',
        categories: ['EMP'],
        fields: ['EMP.status'],
        confidentialityBasis: 'CONSENT',
        notification: { decision: 'INFORM_BEFORE' },
        necessity: 'To arrange an interview.',
        method: 'SECURE_EMAIL',
      })
    ).body
  expect(JSON.stringify(await check())).not.toContain('RECIPIENT_NOT_IN_MATRIX')
  const { rows } = recipients[0]?.data as { readonly rows: readonly { readonly recipient: string }[] }
  const without = { rows: rows.filter(({ recipient }) => recipient !== 'DWP-JCP'), version: 'MATRIX-2', ...since }
  expect(await publish('recipients', versionOf(recipients[0], without))).toMatchObject({ status: 201 })
  expect(JSON.stringify(await check())).toContain('RECIPIENT_NOT_IN_MATRIX')
})
async function refusals() {
  let refused = 0
  for await (const { type } of doors.w.store.readAll()) if (type === 'CommandRefused') refused++
  return refused
}
test('[C15][C38] each is decided by whoever the table says, and whoever else asks is refused on record', async () => {
  const assessed = versionOf(assessments[0], { version: 'LIA-2' })
  expect(await publish('assessments', assessed)).toMatchObject({ status: 403 })
  expect(await publish('assessments', assessed, 'dpo')).toMatchObject({ status: 201 })
  expect(await publish('retention', versionOf(retention[0]), 'dpo')).toMatchObject({ status: 403 })
  expect(await publish('notices', versionOf(notice[0]), 'ips-worker')).toMatchObject({ status: 403 })
  // Each is answered whether or not its record is stored yet.
  while ((await refusals()) < 3) await new Promise(setImmediate)
  expect(await refusals()).toBe(3)
  const [last] = (await doors.history('policy-assessments')).slice(-1)
  expect(last?.data).toMatchObject({ version: 'LIA-2', demo: false, everything: false })
})
test('what does not fit is refused whole, and says at which place', async () => {
  const { rows } = recipients[0]?.data as { readonly rows: readonly object[] }
  const wrong = versionOf(recipients[0], { rows: [rows[0], { ...rows[1], art6: ['g'] }] })
  expect(await publish('recipients', wrong)).toMatchObject({
    status: 400,
    code: 'INVALID_REQUEST',
    errors: [{ field: 'rows', rule: expect.stringContaining('1: art6: 0: ') as unknown }],
  })
  expect(await publish('retention', versionOf(retention[0], { demo: true }))).toMatchObject({ status: 400 })
})
