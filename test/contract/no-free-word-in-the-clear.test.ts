import { Writable } from 'node:stream'
import { pino } from 'pino'
import { startTracing } from '#telemetry/tracing'
import type { StaffRole } from '#kernel/actor'
import { type OpenApi, operationsOf } from '../fuzz/openapi.js'
import { found } from '../support/canary.js'
import { client } from '../support/database.js'
import { openDoors } from '../support/doors.js'
import { goodRequests } from '../support/good-requests.js'
import { publish, sequence, testSigner } from '../support/ledger.js'
import { formsOf, placesIn, planted, plantedWord, plantsIn, roots } from '../support/plants.js'
import { TraceCollector } from '../support/trace-collector.js'

/** What still takes a word in the clear, and why. */
const knownToStand: Readonly<Record<string, string>> = {
  '/v1/subjects/{subjectRef}/disclosures legalProvision.title': 'the title of a law is clear by decision (ADR 4)',
}

let doors: Awaited<ReturnType<typeof openDoors>>
let signer: Awaited<ReturnType<typeof testSigner>>
let traces: TraceCollector
let endTracing: () => Promise<void>
let document: OpenApi
let said = ''
/** Each request has a second of its own: no more refusals are recorded in one second than so many. */
let ahead = 0
const clock = { now: () => new Date(Date.now() + ahead * 1_000).toISOString() }
/** Each planted word, and where. */
const sent = new Map<string, string>()

beforeAll(async () => {
  traces = await TraceCollector.start()
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = traces.url
  endTracing = await startTracing('caseledger-test')
  const log = pino(
    { level: 'trace' },
    new Writable({
      write(chunk: Buffer, _, done) {
        said += chunk.toString()
        done()
      },
    }),
  )
  doors = await openDoors({ clock, log })
  signer = await testSigner()
  document = (await doors.api.inject({ method: 'GET', url: '/openapi.json' })).json<OpenApi>()
}, 60_000)
afterAll(async () => {
  Reflect.deleteProperty(process.env, 'OTEL_EXPORTER_OTLP_ENDPOINT')
  await signer.stop()
  await doors.close()
  await traces.stop()
})

const takingBodies = () => operationsOf(document).filter(({ method, body }) => method === 'POST' && body !== undefined)
/** What is published is about documents and organisations, and is there to be read: its titles and codes stand in the clear (ADR 4). */
const isPublished = (path: string) => path.startsWith('/v1/policies/')
const nextWord = (where: string) => {
  ahead++
  const word = plantedWord(sent.size)
  sent.set(word, where)
  return word
}

test('for every door that takes a body there is a good one here', async () => {
  expect(Object.keys(goodRequests(doors)).sort()).toEqual(
    takingBodies()
      .map(({ path }) => path)
      .sort(),
  )
  // A sample is drawn from what was signed.
  await doors.tell('back-office', 'referrals', (await goodRequests(doors)['/v1/referrals']?.())?.body ?? {})
  await doors.read('auditor', 'me')
  await sequence(doors.w, signer)
  await publish(doors.w, signer)
})
test('a word in any field of any body is refused, or never stands in the clear', async () => {
  const good = goodRequests(doors)
  for (const { path, body } of takingBodies().filter(one => !isPublished(one.path))) {
    const make = good[path]
    if (!make || !body) continue
    let request = await make()
    for (const place of placesIn(document, body)) {
      const where = `${path} ${place.path.join('.')}`
      const word = nextWord(where)
      for (const form of place.of === 'CLOSED' ? [word] : formsOf(word)) {
        ahead++
        const { status } = await doors.tell(request.role, request.url, planted(request.body, place, form))
        expect([where, form, status < 500]).toEqual([where, form, true])
        if (status >= 300) continue
        // What takes a word as it is takes it in any form; the other forms are for what asks for a code.
        request = await make()
        break
      }
    }
    // What the words were planted in was good.
    expect([path, await doors.tell(request.role, request.url, request.body)]).toMatchObject([path, { status: request.status }])
  }
}, 300_000)
test('nor in any query, header or path', async () => {
  for (const { path, parameters, roles } of operationsOf(document).filter(({ method }) => method === 'GET'))
    for (const { name, in: where } of parameters) {
      if (where === 'header') continue
      const of = `GET ${path} ${name}`
      for (const form of formsOf(nextWord(of))) {
        ahead++
        const inPath = path.replace(/\{(\w+)\}/g, (_, one: string) => (one === name ? form : '00000000-0000-4000-8000-000000000000'))
        const purpose = parameters.some(one => one.name === 'purpose') ? { purpose: 'SERVICE_PROVISION' } : {}
        const query = where === 'query' ? `?${new URLSearchParams({ ...purpose, [name]: form }).toString()}` : ''
        for (const role of roles.slice(0, 3) as StaffRole[])
          expect([of, form, (await doors.read(role, `${inPath}${query}`.replace(/^\/v1\//, ''))).status < 500]).toEqual([of, form, true])
      }
    }
  const { role, url, body } = (await goodRequests(doors)['/v1/referrals']?.()) ?? { role: 'dpo', url: '', body: {} }
  for (const name of ['idempotency-key', 'x-correlation-id', 'if-match', 'audit-id', 'user-agent', 'traceparent', 'x-forwarded-for'])
    for (const form of formsOf(nextWord(`the header ${name}`))) await doors.tell(role, url, body, { headers: { [name]: form } })
}, 120_000)

test('what was planted stands in no event, table, log line, metric or span', async () => {
  await doors.shown()
  await endTracing()
  const everything: Readonly<Record<string, string>> = {
    events: await everyEvent(),
    tables: await everyTable(),
    logs: said,
    metrics: await doors.w.metrics.text(),
    spans: traces.bodies.join('\n'),
  }
  expect(Object.values(everything).map(text => text.length > 1_000)).toEqual([true, true, true, true, true])
  const standing = Object.entries(everything).flatMap(([what, text]) => plantsIn(text).map(word => [sent.get(word) ?? word, what] as const))
  const places = [...new Set(standing.map(([where]) => where))].sort()
  expect(places).toEqual(Object.keys(knownToStand).sort())
  if (places.length === 0)
    for (const [what, text] of Object.entries(everything)) expect([what, found(Buffer.from(text), roots)]).toEqual([what, []])
  expect(sent.size).toBeGreaterThan(70)
})
test('the search finds a code that is known', async () => {
  expect(await everyTable()).toContain('EMPLOYMENT_SUPPORT')
  expect(plantsIn(`x${plantedWord(3).toUpperCase()}-2026-1`)).toEqual([plantedWord(3)])
})

async function everyEvent(): Promise<string> {
  const texts: string[] = []
  for await (const { position: _, revision: _1, ...event } of doors.w.store.readAll()) texts.push(JSON.stringify(event))
  return texts.join('\n')
}
async function everyTable(): Promise<string> {
  const sql = client(doors.w.database.admin, 1)
  try {
    const tables = await sql<{ s: string; t: string }[]>`
      select table_schema as s, table_name as t from information_schema.tables
      where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`
    const texts: string[] = []
    for (const { s, t } of tables)
      for (const { text } of await sql<{ text: string }[]>`select x::text as text from ${sql(s)}.${sql(t)} x`) texts.push(text)
    return texts.join('\n')
  } finally {
    await sql.end()
  }
}
