import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { asAdmin } from '../support/database.js'
import { aReferral } from '../support/doors.js'
import { refer } from '../support/people.js'
import { patient } from '../support/patience.js'
import { world } from '../support/world.js'

const [second, day] = [1_000, 86_400_000]
/** A clock that is ahead of this machine’s by as much as is set. */
const clock = { ahead: 0, now: () => new Date(Date.now() + clock.ahead).toISOString() }
let w: Awaited<ReturnType<typeof world>>
beforeEach(async () => {
  clock.ahead = 0
  w = await world({ kind: 'postgres' }, { clock })
})
afterEach(() => w.end())

/** When the last event was recorded, as if it had been so long ago. */
const recordedAgo = (ms: number) =>
  asAdmin(w.database.admin, async sql => {
    const [last] = await sql<{ position: string }[]>`select max(position) as position from event_store.event`
    await sql`update event_store.event set recorded_at = ${new Date(Date.now() - ms)} where position = ${String(last?.position)}`
  })
const head = () => w.store.head()

test.each([
  ['a year ahead of the database', 365 * day],
  ['two minutes ahead of it', 120 * second],
  ['two minutes behind it', -120 * second],
])('a clock that jumps to %s is noticed before anything is recorded; when it is right again, it goes on', async (_, ahead) => {
  await refer(w)
  const before = await head()
  clock.ahead = ahead
  await expect(refer(w)).rejects.toThrow(/^This machine’s clock says .*, and the database’s .* apart\. .* Nothing is recorded meanwhile\.$/)
  expect(await head()).toBe(before)
  expect(await w.clocks.part()).toMatchObject({ ready: false, why: expect.stringContaining('apart') as string, limitMs: 60_000 })
  clock.ahead = 0
  await refer(w)
})
test('a difference within the limit is no reason to stop, and is told', async () => {
  clock.ahead = 20 * second
  await refer(w)
  const { ready, differences } = await w.clocks.part()
  expect(ready).toBe(true)
  expect(Math.round((differences?.database ?? 0) / 10_000)).toBe(-2)
})
describe('the machine’s clock and the database’s have jumped together', () => {
  /** What a process that starts now says, and with which code it ends. */
  const started = (app: 'api' | 'worker', settings: object = {}) =>
    spawnSync(process.execPath, [`${process.cwd()}/dist/run/${app}/main.js`], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        PORT: '0',
        CASELEDGER_DATA_DIR: w.folder,
        CASELEDGER_APP_DATABASE_URL: w.database.urls.app,
        CASELEDGER_VAULT_DATABASE_URL: w.database.urls.vault,
        ...settings,
      },
      encoding: 'utf8',
      timeout: patient(50_000),
    })
  test.each(['api', 'worker'] as const)('a year ahead of what is on record: the %s does not start', async app => {
    await recordedAgo(365 * day)
    const before = await head()
    const { status, stderr } = started(app)
    expect([status, stderr]).toEqual([1, expect.stringContaining('which is 365 days after the last event on record')])
    expect(stderr).toContain('say so with CASELEDGER_STANDSTILL_DAYS')
    expect(await head()).toBe(before)
  })
  test('behind what is on record: nothing starts, and nothing is recorded', async () => {
    await recordedAgo(-3 * day)
    const { status, stderr } = started('api')
    expect([status, stderr]).toEqual([1, expect.stringContaining('which is 3 days before the last event on record')])
    await expect(w.clocks.assertRight()).resolves.toBeUndefined()
    expect(await w.clocks.part()).toMatchObject({ ready: false, why: expect.stringContaining('3 days before') as string })
  })
})
test('a command is answered with a code of its own, reads go on, and /health/ready compares the clocks', async () => {
  const api = await createApi(w, trustLocalIssuer(w.dir.issuer), pino({ level: 'silent' }), { requestsPerSecond: 100_000 })
  try {
    await api.init()
    await api.getHttpAdapter().getInstance().ready()
    const authorization = `Bearer ${await issueTokenOn(w, w.dir, 'integration', 'integration-1')}`
    const send = () =>
      api.inject({ method: 'POST', url: '/v1/referrals', headers: { authorization, 'idempotency-key': randomUUID() }, payload: aReferral })
    const clocks = async () => {
      const { parts } = (await api.inject({ url: '/health/ready' })).json<{ parts: { part: string }[] }>()
      return parts.find(({ part }) => part === 'clocks')
    }
    expect((await send()).statusCode).toBe(201)
    expect(await clocks()).toEqual({
      part: 'clocks',
      ready: true,
      differences: { database: expect.any(Number) as number, recorded: expect.any(Number) as number },
      limitMs: 60_000,
    })
    clock.ahead = 90 * second
    const refused = await send()
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([503, 'CLOCK_WRONG'])
    expect(await clocks()).toMatchObject({ ready: false })
  } finally {
    await api.close()
  }
})
