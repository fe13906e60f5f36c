import { writeFileSync } from 'node:fs'
import type { SubjectRef } from '#kernel/id'
import type { ExamplesByDoor } from '#nest/document'
import { examples } from '../../apps/api/examples.js'
import { apiDocument } from '../../apps/api/openapi.js'
import { type OpenApi, operationsOf } from '../fuzz/openapi.js'
import { anExampleOf } from '../support/as-an-example.js'
import { openDoors } from '../support/doors.js'
import { type Ids, goodRead } from '../support/good-reads.js'
import { goodRequests } from '../support/good-requests.js'
import { erase } from '../support/people.js'
import { publish, sequence, testSigner } from '../support/ledger.js'

let doors: Awaited<ReturnType<typeof openDoors>>
let signer: Awaited<ReturnType<typeof testSigner>>
let document: OpenApi
beforeAll(async () => {
  doors = await openDoors()
  signer = await testSigner()
  document = JSON.parse(JSON.stringify(await apiDocument())) as OpenApi
}, 60_000)
afterAll(async () => {
  await signer.stop()
  await doors.close()
})
type Answers = {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly example?: unknown }>> }>>
}
const json = 'application/json'
/** What a door answers with where all is well, as the document says. */
const answerOf = ({ method, path }: { readonly method: string; readonly path: string }) =>
  Object.entries((document.paths[path]?.[method.toLowerCase()] as unknown as Answers).responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, { content }]) => content?.[json])[0]
/** Under /v1: the others are for whoever looks after the service. */
const shown = () => operationsOf(document).filter(one => one.path.startsWith('/v1/') && answerOf(one))
const signed = async () => {
  await sequence(doors.w, signer)
  await publish(doors.w, signer)
}

/** Every door asked once, in the order of the document: what was asked, and what it answered. */
async function recorded(): Promise<ExamplesByDoor> {
  const good = goodRequests(doors)
  const made: Ids[] = []
  const found: Record<string, ExamplesByDoor[string]> = {}
  await doors.tell('back-office', 'referrals', (await good['/v1/referrals']?.())?.body ?? {})
  await doors.read('auditor', 'me')
  await signed()
  const operations = shown()
  for (const { method, path } of operations.filter(one => one.method === 'POST')) {
    const request = await good[path]?.()
    if (!request) throw new Error(`No good request for ${path}`)
    const { status, body } = await doors.tell(request.role, request.url, request.body)
    expect([path, status]).toEqual([path, request.status])
    made.push({ ...idsIn(path, request.url), ...body, ...(Array.isArray(body['leaves']) ? { index: String(body['leaves'][0]) } : {}) })
    const asAnExample = anExampleOf(Date.now())
    found[`${method} ${path}`] = { request: asAnExample(request.body), answer: asAnExample(body) }
  }
  await signed()
  const erased = await anErased(good)
  await doors.shown()
  for (const { method, path, roles } of operations.filter(one => one.method === 'GET')) {
    const { role, url } = goodRead(path, roles, path.endsWith('erasure-certificate') ? [erased] : made)
    const { status, body } = await doors.read(role, url)
    expect([path, status]).toEqual([path, 200])
    found[`${method} ${path}`] = { answer: anExampleOf(Date.now())(body) }
  }
  return found
}
/** Somebody whose erasure was decided and carried out. */
async function anErased({ '/v1/referrals': referral }: ReturnType<typeof goodRequests>): Promise<Ids> {
  const { body } = await doors.tell('back-office', 'referrals', (await referral?.())?.body ?? {})
  await erase(doors.w, body['subjectRef'] as SubjectRef)
  return body
}
/** The ids of a path, as they stand in the address. */
const idsIn = (path: string, url: string) => {
  const values = `/v1/${url}`.split('/')
  return Object.fromEntries(path.split('/').flatMap((part, n) => (part.startsWith('{') ? [[part.slice(1, -1), values[n] ?? '']] : [])))
}

test('the examples in the API’s document are what the doors were asked and answered: npm run examples writes them', async () => {
  const now = await recorded()
  if (process.env['CASELEDGER_UPDATE_EXAMPLES'] === '1') writeFileSync('apps/api/examples.json', `${JSON.stringify(now, null, 1)}\n`)
  else expect(now).toEqual(examples)
})
test('no answer under /v1 is without its example; npm run check holds each against its schema', () => {
  for (const one of shown()) expect([one.path, answerOf(one)?.example]).toEqual([one.path, examples[`${one.method} ${one.path}`]?.answer])
  expect(Object.keys(examples).sort()).toEqual(
    shown()
      .map(({ method, path }) => `${method} ${path}`)
      .sort(),
  )
})
