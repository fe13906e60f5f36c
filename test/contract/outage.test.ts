import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { type Backend, openBackend } from '#backend/backend'
import { type DataDir, dataDir } from '#hosting/data-dir'
import { publishFirstPolicyPack } from '#backend/first-policy-pack'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { testDatabase, testServer } from '../support/database.js'
import { FaultProxy } from '../support/fault-proxy.js'
import { heardLog } from '../support/heard-log.js'

const folder = mkdtempSync(join(tmpdir(), 'caseledger-outage-'))
const { log, lines } = heardLog('warn')
let [proxy, dir, backend, api, token]: [FaultProxy?, DataDir?, Backend?, NestFastifyApplication?, string?] = []

/** The database and, in it, the log are behind a proxy: the API has no other way. */
beforeAll(async () => {
  const { hostname, port } = new URL(testServer())
  proxy = await FaultProxy.before({ host: hostname, port: Number(port) })
  const { urls } = await testDatabase()
  const through = (url: string) => {
    const there = new URL(url)
    there.port = String(proxy?.port)
    return there.href
  }
  dir = dataDir({ CASELEDGER_DATA_DIR: folder })
  backend = await openBackend({ app: through(urls.app), vault: through(urls.vault) }, dir, { kind: 'postgres' })
  await publishFirstPolicyPack(backend)
  token = await issueTokenOn(backend, dir, 'dpo', 'dpo-1')
  api = await createApi(backend, trustLocalIssuer(dir.issuer), log, { requestsPerSecond: 100_000 })
  await api.listen(0, '127.0.0.1')
}, 60_000)
afterAll(async () => {
  await api?.close()
  await backend?.close()
  await proxy?.close()
  rmSync(folder, { recursive: true, force: true })
})
const me = async () => (await fetch(`${(await api?.getUrl()) ?? ''}/v1/me`, { headers: { Authorization: `Bearer ${token ?? ''}` } })).status
const until = async (wanted: () => boolean | Promise<boolean>) => {
  while (!(await wanted())) await new Promise(resolve => setTimeout(resolve, 20))
}

test('a hundred requests while the database is away are one line, and one when it is back, with their number', async () => {
  expect(await me()).toBe(200)
  const back = await proxy?.away()
  const statuses: number[] = []
  for (let n = 0; n < 10; n++) statuses.push(...(await Promise.all(Array.from({ length: 10 }, me))))
  expect(statuses.filter(status => status === 503)).toHaveLength(100)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({
    level: 50,
    part: 'event store',
    code: 'UNAVAILABLE',
    msg: 'a part is away: what needs it is answered 503',
    why: expect.stringMatching(/nothing listens there|the connection broke/) as string,
    cause: expect.stringMatching(/^E|^CONNECTION_/) as string,
  })
  await back?.()
  let later = 0
  await until(async () => {
    const status = await me()
    if (status === 503) later++
    return status === 200
  })
  await until(() => lines.length > 1)
  expect(lines.slice(1)).toMatchObject([
    { level: 40, part: 'event store', count: 100 + later, msg: 'a part is back', ms: expect.any(Number) as number },
  ])
}, 60_000)
