import { randomUUID } from 'node:crypto'
import { type Answer, aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const discoveredAt = '2026-11-27T10:00:00Z'
const breach = { kind: 'CONFIDENTIALITY', discoveredAt, summary: 'A letter went astray.', categories: ['ID'] }
const report = (more: object = {}) => doors.tell('dpo', 'breaches', { ...breach, ...more })
const aware = (of: string, awareAt: string) => doors.tell('breach-responder', `breaches/${of}/awareness`, { awareAt })
const due = { target: '2026-11-30T11:00:00Z', limit: '2026-11-30T12:00:00Z' }
const wrong = ({ status, body }: Answer) => [status, body['code'], body['field']]
const itemsOf = ({ body }: Answer) => body['items'] as readonly Answer['body'][]
async function referred() {
  const { body } = await doors.tell('back-office', 'referrals', { ...aReferral, confirmedNotDuplicate: true })
  return String(body['subjectRef'])
}

describe('[C50] awareness', () => {
  test('is established after the report, and gives the target and the limit, however often it is said', async () => {
    const of = String((await report()).body['breachId'])
    expect(await aware(of, '2026-11-27T11:00:00Z')).toMatchObject({ status: 200, body: { breachId: of, regulatorDue: due } })
    for (const again of ['2026-11-27T11:00:00Z', '2026-11-28T11:00:00Z'])
      expect(await aware(of, again)).toMatchObject({ status: 200, body: { regulatorDue: due, events: [] } })
    await doors.shown()
    expect((await doors.read('dpo', `breaches/${of}`)).body).toMatchObject({ awareAt: '2026-11-27T11:00:00.000Z', regulatorDue: due })
  })
  test('is brought forward by an earlier moment that comes to light', async () => {
    const of = String((await report({ awareAt: '2026-11-27T11:00:00Z' })).body['breachId'])
    const earlier = { target: '2026-11-30T10:30:00Z', limit: '2026-11-30T11:00:00Z' }
    expect(await aware(of, '2026-11-27T10:30:00Z')).toMatchObject({ status: 200, body: { regulatorDue: earlier } })
    await doors.shown()
    expect((await doors.read('dpo', `breaches/${of}`)).body).toMatchObject({ regulatorDue: earlier })
  })
  test('does not lie before the discovery, ahead, or nowhere', async () => {
    const of = String((await report()).body['breachId'])
    expect(wrong(await aware(of, '2026-11-27T09:59:59Z'))).toEqual([400, 'AWARE_BEFORE_DISCOVERY', 'awareAt'])
    expect(wrong(await aware(of, '2031-01-01T00:00:00Z'))).toEqual([400, 'INSTANT_IN_FUTURE', 'awareAt'])
    expect(wrong(await doors.tell('dpo', `breaches/${of}/awareness`, {}))).toEqual([400, 'INVALID_REQUEST', 'awareAt'])
    expect(wrong(await aware(randomUUID(), '2026-11-27T11:00:00Z'))).toEqual([404, 'NOT_FOUND', undefined])
    expect((await doors.tell('back-office', `breaches/${of}/awareness`, { awareAt: '2026-11-27T11:00:00Z' })).status).toBe(403)
  })
})

describe('[C49] a report is taken from anybody, and is refused for its form only:', () => {
  test.each<readonly [string, object, string, string]>([
    ['nobody was aware before the discovery', { awareAt: '2026-11-27T09:59:59Z' }, 'INVALID_REQUEST', 'awareAt'],
    ['there was nothing to report in 1990', { discoveredAt: '1990-06-01T10:00:00Z' }, 'INVALID_REQUEST', 'discoveredAt'],
    ['nothing was discovered tomorrow', { discoveredAt: '2031-06-01T10:00:00Z' }, 'INSTANT_IN_FUTURE', 'discoveredAt'],
    ['it is of some kind of data', { categories: [] }, 'INVALID_REQUEST', 'categories'],
    ['nobody is affected twice', { affected: Array(2).fill(randomUUID()) }, 'INVALID_REQUEST', 'affected'],
  ])('%s', async (_, more, code, field) => {
    expect(wrong(await report(more))).toEqual([400, code, field])
  })
  test('who is affected is on record, and the place of who is not is told', async () => {
    const known = await referred()
    expect(wrong(await report({ affected: [known, randomUUID()] }))).toEqual([400, 'INVALID_REQUEST', 'affected.1'])
    await doors.shown()
    const { body } = await report({ affected: [randomUUID(), known, ...Array.from({ length: 9_000 }, () => randomUUID())] })
    const errors = body['errors'] as readonly { readonly field: string }[]
    expect([errors.length, errors[0]?.field, errors[1]?.field]).toEqual([20, 'affected.0', 'affected.2'])
    expect((await report({ affected: [known.toUpperCase()], awareAt: discoveredAt })).status).toBe(201)
  })
})

test('the register counts who is affected, and pages them beside', async () => {
  const affected = [await referred(), await referred(), await referred()]
  const of = String((await report({ affected })).body['breachId'])
  await doors.shown()
  const listed = itemsOf(await doors.read('dpo', 'breaches?limit=200')).find(({ breachId }) => breachId === of)
  expect([listed?.['affectedCount'], listed?.['affected']]).toEqual([3, undefined])
  expect((await doors.read('dpo', `breaches/${of}`)).body['affectedCount']).toBe(3)
  const first = await doors.read('dpo', `breaches/${of}/affected?limit=2`)
  const rest = await doors.read('dpo', `breaches/${of}/affected?limit=2&cursor=${String(first.body['next'])}`)
  expect([...itemsOf(first), ...itemsOf(rest)]).toEqual(affected.map(subjectRef => ({ subjectRef })))
  expect(rest.body['next']).toBeUndefined()
  const ofNobody = String((await report()).body['breachId'])
  await doors.shown()
  expect(itemsOf(await doors.read('dpo', `breaches/${ofNobody}/affected`))).toEqual([])
  expect((await doors.read('dpo', `breaches/${randomUUID()}/affected`)).status).toBe(404)
  expect((await doors.read('back-office', `breaches/${of}/affected`)).status).toBe(403)
})
test('a breach happened when it was discovered, and was reported when it was', async () => {
  const of = String((await report()).body['breachId'])
  const reported = (await doors.history(`breach-${of}`)).find(({ type }) => type === 'BreachReported')
  expect(reported?.metadata.occurredAt).toBe('2026-11-27T10:00:00.000Z')
  await doors.shown()
  const { reportedAt } = (await doors.read('dpo', `breaches/${of}`)).body
  expect(Date.parse(String(reportedAt))).toBeGreaterThan(Date.parse('2026-11-28T00:00:00Z'))
})
