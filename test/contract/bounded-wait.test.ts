import { randomUUID } from 'node:crypto'
import { rmSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { pino } from 'pino'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { appendForSure } from '#event-store/append-for-sure'
import { AppendOutcomeUnknown } from '#event-store/event-store'
import { type Backend, openBackend } from '#backend/backend'
import { dataDir } from '#hosting/data-dir'
import { publishFirstPolicyPack } from '#backend/first-policy-pack'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { testDatabase } from '../support/database.js'
import { FaultProxy } from '../support/fault-proxy.js'
import { noLimits } from '../support/no-limits.js'
import { refer } from '../support/people.js'

const folder = mkdtempSync(join(tmpdir(), 'caseledger-bounded-'))
let proxy: FaultProxy
let backend: Backend
let api: NestFastifyApplication
const dir = dataDir({ CASELEDGER_DATA_DIR: folder })
beforeAll(async () => {
  const { urls } = await testDatabase()
  proxy = await FaultProxy.before({ host: '127.0.0.1', port: Number(new URL(urls.app).port) })
  const through = (url: string) => {
    const to = new URL(url)
    to.port = String(proxy.port)
    return to.href
  }
  backend = await openBackend({ app: through(urls.app), vault: through(urls.vault) }, dir, { kind: 'postgres' })
  await publishFirstPolicyPack(backend)
  const [log, trust] = [pino({ level: 'silent' }), trustLocalIssuer(dir.issuer)]
  api = await createApi(backend, trust, log, { ...noLimits, answersWithinMs: 1_000 })
  await api.listen(0, '127.0.0.1')
})
afterAll(async () => {
  await api.close()
  await backend.close()
  await proxy.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a silent database keeps nobody waiting: reads, questions and commands are answered 503, and served once it speaks', async () => {
  const subjectRef = await refer(backend)
  const [token, url] = [await issueTokenOn(backend, dir, 'back-office', 'office-1'), await api.getUrl()]
  const ask = async (path: string, body?: object, key: string = randomUUID()) => {
    const response = await fetch(`${url}/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': key, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return {
      status: response.status,
      code: ((await response.json()) as { readonly code?: string }).code,
      retry: response.headers.get('retry-after'),
    }
  }
  const wish = () => ask(`/subjects/${subjectRef}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' }, 'asked-again-and-again')
  const asks = [
    () => ask('/referrals?limit=1'),
    () => ask(`/subjects/${subjectRef}/case?purpose=REFERRAL_INTAKE`),
    () => ask('/subjects/search', { phone: '07700 900471', purpose: 'REFERRAL_INTAKE' }),
    wish,
  ]
  for (const asking of asks) await asking()
  const thaw = proxy.freeze()
  try {
    const answers = await Promise.all(asks.map(asking => asking()))
    expect(answers).toEqual(asks.map(() => ({ status: 503, code: 'UNAVAILABLE', retry: '2' })))
  } finally {
    thaw()
  }
  for (let answer = await wish(); answer.status !== 200; answer = await wish()) expect(answer.code).toBe('UNAVAILABLE')
}, 60_000)

test('a store that is silent each time is not asked more often than a caller waits for', async () => {
  const timesAsked = async (takes: number) => {
    let [asked, now] = [0, 0]
    const store = {
      append: () => {
        asked++
        now += takes
        return Promise.reject(new AppendOutcomeUnknown(new Error('no answer')))
      },
    }
    await expect(
      appendForSure(
        store,
        'person-1',
        'no_stream',
        [],
        () => Promise.resolve(),
        () => now,
      ),
    ).rejects.toBeInstanceOf(AppendOutcomeUnknown)
    return asked
  }
  expect([await timesAsked(5_001), await timesAsked(2_600), await timesAsked(1)]).toEqual([1, 2, 8])
})
