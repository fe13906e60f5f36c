import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

/** Somebody who has said how to be reached. */
async function preferring(wishes: object) {
  const person = `subjects/${String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])}`
  expect(await tell(`${person}/contact-preferences`, wishes)).toMatchObject({ status: 200 })
  return person
}
const tell = (url: string, body: object) => doors.tell('ips-worker', url, body)
// A Monday in winter, when the clocks of London show what UTC shows.
const monday = '2027-01-11'
const call = { channel: 'PHONE', about: 'PROGRESS', plannedFor: `${monday}T10:00:00Z` }
const plan = (person: string, change: object = {}) => tell(`${person}/contact-plans`, { ...call, ...change })
const refusedFor = (code: string, clause: string, field?: string) => ({
  status: 422,
  body: { code, clause, ...(field === undefined ? {} : { field }) },
})
const listed = async (person: string, filter: string) => {
  await doors.shown()
  const { items } = (await doors.read('team-leader', `contacts?limit=100&${filter}`)).body as { readonly items: readonly Listed[] }
  return items.filter(({ subjectRef }) => person.endsWith(subjectRef))
}
type Listed = { readonly subjectRef: string } & Readonly<Record<string, unknown>>

test('[C58] nobody is contacted in a way that they refused, and whoever refused every way in none', async () => {
  const person = await preferring({ refused: ['SMS', 'EMAIL'] })
  expect(await plan(person, { channel: 'SMS' })).toMatchObject(refusedFor('CHANNEL_OPTED_OUT', 'C58', 'channel'))
  expect(await plan(person)).toMatchObject({ status: 201, body: { despite: [] } })
  const none = await preferring({ refused: ['PHONE', 'EMAIL', 'SMS', 'LETTER', 'IN_PERSON', 'HOME_VISIT', 'VIDEO'] })
  expect(await plan(none)).toMatchObject(refusedFor('NO_PERMITTED_CHANNEL', 'C58'))
})
test('[C58] nobody is contacted at a time that is not safe, unless it is urgent', async () => {
  const person = await preferring({ safeTimes: ['MON 09:00-12:30'] })
  expect(await plan(person)).toMatchObject({ status: 201 })
  const afternoon = { plannedFor: `${monday}T13:00:00Z` }
  expect(await plan(person, afternoon)).toMatchObject(refusedFor('OUTSIDE_SAFE_TIMES', 'C58', 'plannedFor'))
  expect(await plan(person, { ...afternoon, urgency: 'URGENT' })).toMatchObject({ status: 201 })
})
test('[C58] no message is left for those who do not want one', async () => {
  const person = await preferring({ neverVoicemail: true })
  expect(await plan(person, { message: true })).toMatchObject(refusedFor('VOICEMAIL_OPTED_OUT', 'C58', 'message'))
})
test('[C58] a breach goes by a refused way where it has to, and that is on record', async () => {
  const person = await preferring({ refused: ['LETTER'] })
  const told = await plan(person, { channel: 'LETTER', about: 'BREACH' })
  expect(told).toMatchObject({ status: 201, body: { despite: ['CHANNEL_OPTED_OUT'] } })
  expect(await listed(person, 'wishes=NOT_KEPT')).toMatchObject([{ state: 'PLANNED', about: 'BREACH', against: ['CHANNEL_OPTED_OUT'] }])
})
test('[C59] email and text are for what is not urgent', async () => {
  const person = await preferring({})
  for (const channel of ['EMAIL', 'SMS']) {
    expect(await plan(person, { channel, urgency: 'URGENT' })).toMatchObject(refusedFor('CHANNEL_NOT_FOR_URGENT', 'C59', 'channel'))
    expect(await plan(person, { channel })).toMatchObject({ status: 201 })
  }
})
test('[C57] nobody is visited at home before the risk of it was looked at, nor seen by video without a yes', async () => {
  const person = await preferring({})
  const visit = { channel: 'HOME_VISIT' }
  expect(await plan(person, visit)).toMatchObject(refusedFor('HOME_VISIT_RISK_NOT_CHECKED', 'C57', 'channel'))
  const found = { category: 'RSK', items: { homeVisit: 'A dog, kept in the yard.' }, provenance: 'WORKER' }
  expect(await tell(`${person}/details`, found)).toMatchObject({ status: 200 })
  expect(await plan(person, visit)).toMatchObject({ status: 201 })
  expect(await plan(person, { channel: 'VIDEO' })).toMatchObject(refusedFor('VIDEO_NOT_AGREED', 'C57', 'channel'))
  await tell(`${person}/contact-preferences`, { allowed: ['VIDEO'] })
  expect(await plan(person, { channel: 'VIDEO' })).toMatchObject({ status: 201 })
})
test('[C57] what has happened is on record whatever the person wished, with what it was against', async () => {
  const person = await preferring({ refused: ['SMS'], safeTimes: ['MON 09:00-12:30'] })
  const texted = { channel: 'SMS', about: 'REMINDER', contactedAt: '2026-11-24T10:00:00Z', outcome: 'REACHED', note: 'See you at ten.' }
  const told = await tell(`${person}/contacts`, texted)
  expect(told).toMatchObject({ status: 201, body: { against: ['CHANNEL_OPTED_OUT', 'OUTSIDE_SAFE_TIMES'] } })
  expect(await listed(person, 'state=MADE&wishes=NOT_KEPT')).toMatchObject([{ channel: 'SMS', at: '2026-11-24T10:00:00.000Z' }])
})
test('[C57] a contact that was planned stands in the list as what came of it', async () => {
  const person = await preferring({})
  const { contactId } = (await plan(person)).body
  expect(await listed(person, 'state=PLANNED')).toMatchObject([{ contactId, at: '2027-01-11T10:00:00.000Z', wishes: 'KEPT' }])
  const tried = { channel: 'PHONE', about: 'PROGRESS', contactedAt: new Date().toISOString(), outcome: 'NO_ANSWER', planned: contactId }
  expect(await tell(`${person}/contacts`, tried)).toMatchObject({ status: 201, body: { contactId } })
  expect(await listed(person, 'state=PLANNED')).toEqual([])
  expect(await listed(person, 'state=FAILED')).toMatchObject([{ contactId, outcome: 'NO_ANSWER' }])
  expect(await tell(`${person}/contacts`, tried)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
})
test('safe times are opened on record, and nobody is shown them', async () => {
  const person = await preferring({ safeTimes: ['MON 09:00-12:30'] })
  const told = await plan(person, { plannedFor: `${monday}T13:00:00Z` })
  expect(JSON.stringify(told.body)).not.toContain('12:30')
  const read = []
  for await (const stored of doors.w.store.readAll({ after: 0n }))
    if (stored.type === 'RecordAccessed') read.push(doors.w.codec.decode(stored).data)
  expect(read).toContainEqual(expect.objectContaining({ subjectRef: person.slice('subjects/'.length), fields: ['CON.safeTimes'] }))
})
