import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
let subjectRef: string
beforeAll(async () => {
  doors = await openDoors()
  subjectRef = String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])
})
afterAll(() => doors.close())

const refer = (person: object, more: object = {}) =>
  doors.tell('back-office', 'referrals', { ...aReferral, ...more, person: { ...aReferral.person, ...person } })
const record = (category: string, items: object) =>
  doors.tell('ips-worker', `subjects/${subjectRef}/details`, { category, items, provenance: 'PERSON' })
const said = ({ status, body }: { readonly status: number; readonly body: Readonly<Record<string, unknown>> }) => [
  status,
  body['code'],
  body['field'],
]
const tomorrow = () => new Date(Date.now() + 36 * 3_600_000).toISOString().slice(0, 10)

test.each(['2031-01-01', '1890-06-15', '0001-01-01'])('nobody was born on %s', async dateOfBirth => {
  expect(said(await refer({ dateOfBirth }))).toEqual([400, 'INVALID_REQUEST', 'person.dateOfBirth'])
  expect(said(await record('ID', { dateOfBirth }))).toEqual([400, 'INVALID_REQUEST', 'items.dateOfBirth'])
})
test('nor after they were referred', async () => {
  const dateOfBirth = '2026-11-21'
  expect(said(await refer({ dateOfBirth }))).toEqual([400, 'INVALID_REQUEST', 'person.dateOfBirth'])
  expect(said(await record('ID', { dateOfBirth }))).toEqual([400, 'INVALID_REQUEST', 'items.dateOfBirth'])
  expect(said(await refer({ dateOfBirth: '2005-11-21' }))[0]).toBe(201)
})
test('nothing of the service is older than the service', async () => {
  const old = '1900-06-01T10:00:00Z'
  const about = `subjects/${subjectRef}`
  const form = { formVersion: 'SCF-1', completedAt: old, method: 'WET_SIGNATURE', rows: [] }
  const request = { channel: 'PHONE', receivedAt: old, grounds: 'OBJECTION', words: 'please' }
  expect(said(await refer({}, { receivedAt: old }))).toEqual([400, 'INVALID_REQUEST', 'receivedAt'])
  expect(said(await doors.tell('ips-worker', `${about}/consent-forms`, form))).toEqual([400, 'INVALID_REQUEST', 'completedAt'])
  expect(said(await doors.tell('ips-worker', `${about}/erasure-requests`, request))).toEqual([400, 'INVALID_REQUEST', 'receivedAt'])
  expect(said(await refer({}, { receivedAt: '2018-05-24T12:00:00Z' }))).toEqual([400, 'INVALID_REQUEST', 'receivedAt'])
  expect(said(await refer({}, { receivedAt: '2018-05-25T12:00:00Z' }))[0]).toBe(201)
})
test('what happened to somebody at work did not happen tomorrow', async () => {
  expect(said(await record('EMP', { since: tomorrow() }))).toEqual([400, 'INVALID_REQUEST', 'items.since'])
  expect(said(await record('ENG', { lastContact: tomorrow() }))).toEqual([400, 'INVALID_REQUEST', 'items.lastContact'])
  expect(said(await record('ENG', { nextAppointment: tomorrow() }))[0]).toBe(200)
})
test.each([...Array.from({ length: 10 }, (_, digit) => String(digit).repeat(10)), '5000000005', '8123456786', '9434765919'])(
  'nobody has the NHS number %s',
  async nhsNumber => {
    expect(said(await refer({ nhsNumber }))).toEqual([400, 'NHS_NUMBER_INVALID', 'person.nhsNumber'])
    expect(said(await record('ID', { nhsNumber }))).toEqual([400, 'NHS_NUMBER_INVALID', 'items.nhsNumber'])
  },
)
test('a length is counted in characters', async () => {
  expect(said(await refer({ name: '𝒜'.repeat(200) }))[0]).toBe(201)
  expect(said(await refer({ name: '𝒜'.repeat(201) }))).toEqual([400, 'INVALID_REQUEST', 'person.name'])
  expect(said(await record('ID', { name: '𝒜'.repeat(200) }))[0]).toBe(200)
  const breach = { kind: 'INTEGRITY', discoveredAt: '2026-11-28T10:00:00Z', categories: ['ID'] }
  expect(said(await doors.tell('dpo', 'breaches', { ...breach, summary: '😀'.repeat(10_000) }))[0]).toBe(201)
  expect(said(await doors.tell('dpo', 'breaches', { ...breach, summary: '😀'.repeat(10_001) }))[0]).toBe(400)
})

test.each([
  ['nothing to see', '\u3164'],
  ['a joiner and a space', '\u200d \u2800'],
  ['an escape sequence', 'Mari\u001b[2Jgold'],
  ['a control character of one byte', 'Mari\u009bgold'],
  ['a line break', 'Mari\ngold'],
  ['a return', 'Mari\rgold'],
  ['a tab', 'Mari\tgold'],
  ['a line separator', 'Mari\u2028gold'],
  ['a direction mark', 'Mari\u202egold'],
  ['an isolate', 'Mari\u2066gold'],
  ['a tag', 'Mari\u{e0041}gold'],
])('%s is no name, whoever is named', async (_, name) => {
  const about = `subjects/${subjectRef}`
  const form = { formVersion: 'SCF-1', completedAt: '2026-11-28T10:00:00Z', method: 'VERBAL_WITNESSED', witness: name, rows: [] }
  expect(said(await refer({ name }))).toEqual([400, 'INVALID_REQUEST', 'person.name'])
  expect(said(await record('ID', { name }))).toEqual([400, 'INVALID_REQUEST', 'items.name'])
  expect(said(await record('ID', { preferredName: name }))).toEqual([400, 'INVALID_REQUEST', 'items.preferredName'])
  expect(said(await doors.tell('ips-worker', `${about}/consent-forms`, form))).toEqual([400, 'INVALID_REQUEST', 'witness'])
})
test.each(['Ngũgĩ wa Thiong’o', 'क्\u200dषितिज', 'می\u200cنا', 'X Æ A-12', '葛\u{e0100}城'])('%s is one', async name => {
  expect(said(await refer({ name }))[0]).toBe(201)
})
test('a note may have lines and tabs, and nothing else that is not seen', async () => {
  expect(said(await refer({}, { reason: 'one\r\n\ttwo\n' }))[0]).toBe(201)
  expect(said(await record('HLT', { summary: 'one\n\ttwo' }))[0]).toBe(200)
  for (const words of ['a\u001b[2Jb', 'a\u202eb', 'a\u0008b', 'a\rb']) {
    expect(said(await refer({}, { reason: words }))).toEqual([400, 'INVALID_REQUEST', 'reason'])
    expect(said(await record('HLT', { summary: words }))).toEqual([400, 'INVALID_REQUEST', 'items.summary'])
  }
})
test.each([
  ['phone', 'PlantWord'],
  ['phone', '07700 900471 ask for Marigold'],
  ['phone', '\u202a07700 900471\u202c'],
  ['email', 'PlantWord'],
  ['email', 'marigold@localhost'],
  ['email', 'mari\u200bgold@example.org'],
])('as %s %j is none', async (field, value) => {
  expect(said(await refer({ [field]: value }))).toEqual([400, 'INVALID_REQUEST', `person.${field}`])
  expect(said(await record('CON', { [field]: value }))).toEqual([400, 'INVALID_REQUEST', `items.${field}`])
})
test('no refusal repeats the value', async () => {
  const { body } = await refer({ email: 'PlantWord', phone: 'PlantWord', name: 'Plant\u202eWord' })
  expect(JSON.stringify(body)).not.toContain('Plant')
})
