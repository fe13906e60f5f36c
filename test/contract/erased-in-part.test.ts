import { randomUUID } from 'node:crypto'
import { heldScopes } from '#domain/person/erasure/decision-in-full'
import { person } from '#domain/person/person'
import { aReferral, openDoors } from '../support/doors.js'
import { carriedOut } from '../support/people.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString()
/** Of the numbers that are kept for drama: nobody has them. */
const number = () => `07700 900${String(Math.floor(Math.random() * 1_000)).padStart(3, '0')}`

const record = (subjectRef: string, category: string, items: object) =>
  doors.tell('ips-worker', `subjects/${subjectRef}/details`, { category, items, provenance: 'PERSON' })
async function known(phone: string): Promise<string> {
  const { body } = await doors.tell('back-office', 'referrals', { ...aReferral, receivedAt: hourAgo(), person: { name: 'Cosima Farrow' } })
  const subjectRef = String(body['subjectRef'])
  expect((await record(subjectRef, 'CON', { phone })).status).toBe(200)
  expect((await record(subjectRef, 'ID', { name: 'Cosima Farrow', dateOfBirth: '1990-02-03' })).status).toBe(200)
  return subjectRef
}
async function found(by: object): Promise<readonly string[]> {
  await doors.shown()
  const { body } = await doors.tell('ips-worker', 'subjects/search', { ...by, purpose: 'SERVICE_PROVISION' })
  return (body['items'] as { subjectRef: string }[]).map(({ subjectRef }) => subjectRef)
}
const fieldsOf = async (subjectRef: string) => {
  await doors.shown()
  return (await doors.read('ips-worker', `subjects/${subjectRef}/case?purpose=SERVICE_PROVISION`)).body
}

/** These scopes, or everything; and what the worker does with the approval. */
async function erase(subjectRef: string, ...scopes: readonly string[]) {
  const { body: asked } = await doors.tell('ips-worker', `subjects/${subjectRef}/erasure-requests`, {
    channel: 'PHONE',
    receivedAt: hourAgo(),
    grounds: 'OBJECTION',
    words: 'please erase it',
  })
  const held = heldScopes((await doors.w.folds.load(person, subjectRef)).state.keys)
  const perScope = held.map(scope =>
    scopes.includes(scope) ? { scope, decision: 'ERASED' } : { scope, decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' },
  )
  const decision =
    scopes.length > 0
      ? { decision: 'PARTLY', reasons: 'a claim is open', perScope }
      : { decision: 'APPROVED', consequenceExplainedAt: hourAgo() }
  const decided = await doors.tell('dpo', `subjects/${subjectRef}/erasure-requests/${String(asked['requestId'])}/decision`, decision)
  expect(decided.status).toBe(200)
  const approval = (await doors.history(`person-${subjectRef}`)).findLast(({ type }) => type === 'ErasureApproved')!
  const { erasureId } = approval.data as { readonly erasureId: string }
  const work = { workId: erasureId, stream: `person-${subjectRef}`, sourceEventId: approval.meta.eventId }
  await carriedOut(doors.w, work)
  await doors.shown()
}

test('contact that was erased can be given again, under the next generation of its key, and is found', async () => {
  const [before, after] = [number(), number()]
  const subjectRef = await known(before)
  expect(await found({ phone: before })).toContain(subjectRef)
  await erase(subjectRef, 'CON')
  expect(await found({ phone: before })).not.toContain(subjectRef)
  expect(await fieldsOf(subjectRef)).toMatchObject({
    erased: false,
    erasedScopes: ['CON'],
    fields: { 'CON.phone': { erased: true }, 'ID.name': 'Cosima Farrow' },
  })
  const position = String((await fieldsOf(subjectRef))['position'])
  expect((await record(subjectRef, 'CON', { phone: after })).status).toBe(200)
  expect(await fieldsOf(subjectRef)).toMatchObject({ erasedScopes: [], fields: { 'CON.phone': after } })
  expect(await found({ phone: after })).toContain(subjectRef)
  const then = await doors.read('ips-worker', `subjects/${subjectRef}/case?purpose=SERVICE_PROVISION&asOf=${position}`)
  expect(then.body['fields']).toMatchObject({ 'CON.phone': { erased: true } })
  const { body } = await doors.read('dpo', `subjects/${subjectRef}/keys`)
  expect((body['items'] as { scope: string }[]).filter(({ scope }) => scope === 'CON')).toMatchObject([
    { generation: 1, state: 'DESTROYED' },
    { generation: 2, state: 'ACTIVE' },
  ])
})
test('what is still held is found, and what is recorded of it from then on', async () => {
  const subjectRef = await known(number())
  await erase(subjectRef, 'CON')
  expect(await found({ name: 'Cosima Farrow', dateOfBirth: '1990-02-03' })).toContain(subjectRef)
  const name = `Cosima ${randomUUID().replace(/[\d-]/g, '')}`
  expect((await record(subjectRef, 'ID', { name })).status).toBe(200)
  expect(await found({ name, dateOfBirth: '1990-02-03' })).toContain(subjectRef)
})
test('what was given again is erased again', async () => {
  const [before, after] = [number(), number()]
  const subjectRef = await known(before)
  await erase(subjectRef, 'CON')
  await record(subjectRef, 'CON', { phone: after })
  await erase(subjectRef, 'CON')
  expect(await found({ phone: after })).not.toContain(subjectRef)
  expect(await fieldsOf(subjectRef)).toMatchObject({ fields: { 'CON.phone': { erased: true } } })
})
test('after an erasure in full nothing is given again', async () => {
  const subjectRef = await known(number())
  await erase(subjectRef, 'CON')
  await erase(subjectRef)
  expect((await record(subjectRef, 'CON', { phone: number() })).body['code']).toBe('SUBJECT_ERASED')
})
