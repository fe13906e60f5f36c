import { randomUUID } from 'node:crypto'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { pino } from 'pino'
import { type Backend, openBackend } from '#backend/backend'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { aReferral, aSharingForm, openDoors } from '../support/doors.js'
import { noLimits } from '../support/no-limits.js'

let doors: Awaited<ReturnType<typeof openDoors>>
/** The same service once more: another process, on the same log. */
let beside: { readonly backend: Backend; readonly api: NestFastifyApplication; readonly token: string }
beforeAll(async () => {
  doors = await openDoors()
  const { w } = doors
  const backend = await openBackend(w.database.urls, w.dir, { kind: 'postgres' })
  const trust = trustLocalIssuer(w.dir.issuer)
  const api = await createApi(backend, trust, pino({ level: 'silent' }), noLimits)
  await api.init()
  await api.getHttpAdapter().getInstance().ready()
  beside = { backend, api, token: await issueTokenOn(w, w.dir, 'ips-worker', 'ips-worker-2') }
})
afterAll(async () => {
  await beside.api.close()
  await beside.backend.close()
  await doors.close()
})

const ten = Array.from({ length: 10 }, (_, n) => n)
const details = (n: number) => ({ category: 'EMP', provenance: 'PERSON', items: { skills: `welding ${n}` } })
const withdrawal = { all: true, channel: 'PHONE' }
async function referred() {
  const { body } = await doors.tell('back-office', 'referrals', aReferral)
  const subjectRef = String(body['subjectRef'])
  await doors.tell('ips-worker', `subjects/${subjectRef}/consent-forms`, aSharingForm)
  return subjectRef
}
const here = (url: string, body: object, key?: string) => doors.tell('ips-worker', url, body, key === undefined ? {} : { key })
async function there(url: string, body: object) {
  const { statusCode } = await beside.api.inject({
    method: 'POST',
    url: `/v1/${url}`,
    headers: { authorization: `Bearer ${beside.token}`, 'idempotency-key': randomUUID() },
    payload: body,
  })
  return { status: statusCode }
}
const statuses = async (answers: readonly Promise<{ readonly status: number }>[]) =>
  (await Promise.all(answers)).map(({ status }) => status)
const all = (status: number, many = 10) => Array.from({ length: many }, () => status)
const recorded = async (subjectRef: string, type: string) =>
  (await doors.history(`person-${subjectRef}`)).filter(event => event.type === type).length

test('ten commands at once about one person are all done', async () => {
  const subjectRef = await referred()
  expect(await statuses(ten.map(n => here(`subjects/${subjectRef}/details`, details(n))))).toEqual(all(200))
  expect(await recorded(subjectRef, 'PersonalDetailsRecorded')).toBe(10)
})
test('so are fifty, and those about somebody else beside them', async () => {
  const [one, other] = [await referred(), await referred()]
  const fifty = ten.flatMap(n => ten.slice(0, 5).map(m => [one, other].map(ref => here(`subjects/${ref}/details`, details(10 * n + m)))))
  expect(await statuses(fifty.flat())).toEqual(all(200, 100))
})
test('of ten withdrawals at once none is refused', async () => {
  const subjectRef = await referred()
  expect(await statuses(ten.map(() => here(`subjects/${subjectRef}/consents/withdraw`, withdrawal)))).toEqual(all(200))
  expect(await recorded(subjectRef, 'ConsentWithdrawn')).toBeGreaterThan(0)
})
test('nor where ten commands of another process are faster now and then', async () => {
  const subjectRef = await referred()
  const answers = ten.flatMap(n => [
    here(`subjects/${subjectRef}/consents/withdraw`, withdrawal),
    there(`subjects/${subjectRef}/details`, details(n)),
    there(`subjects/${subjectRef}/consents/withdraw`, withdrawal),
  ])
  expect(await statuses(answers)).toEqual(all(200, 30))
  expect(await recorded(subjectRef, 'PersonalDetailsRecorded')).toBe(10)
})
test('one command ten times at once, with one key, is done once and answered alike', async () => {
  const [subjectRef, key] = [await referred(), randomUUID()]
  const answers = await Promise.all(ten.map(() => here(`subjects/${subjectRef}/details`, details(1), key)))
  expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1)
  expect(await recorded(subjectRef, 'PersonalDetailsRecorded')).toBe(1)
})
test('whoever saw a revision is told at once that it has changed: of ten with one If-Match one is done', async () => {
  const subjectRef = await referred()
  const { body } = await here(`subjects/${subjectRef}/details`, details(0))
  const headers = { 'if-match': `"${String(body['revision'])}"` }
  const answers = await Promise.all(ten.map(n => doors.tell('ips-worker', `subjects/${subjectRef}/details`, details(n), { headers })))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...all(409, 9)])
  expect(answers.find(({ status }) => status === 409)?.body['code']).toBe('VERSION_CONFLICT')
})
test('commands that are refused keep nobody waiting', async () => {
  const subjectRef = await referred()
  const answers = ten.map(n =>
    here(`subjects/${subjectRef}/details`, n % 2 === 0 ? details(n) : { ...details(n), items: { 'no-such-field': 'x' } }),
  )
  const found = await statuses(answers)
  expect(found.filter(status => status === 200)).toHaveLength(5)
  expect(found.filter(status => status !== 200).every(status => status === 400 || status === 422)).toBe(true)
})
