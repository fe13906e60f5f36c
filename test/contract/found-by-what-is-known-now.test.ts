import { randomUUID } from 'node:crypto'
import { reindex } from '#key-keeping/reindex'
import { type IndexEntry, KeyStoreUnavailable } from '#subject-keys/subject-keys'
import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

type Person = Readonly<Record<string, string>>
const refer = (person: Person) => doors.tell('back-office', 'referrals', { ...aReferral, person })
const referred = async (person: Person) => String((await refer(person)).body['subjectRef'])
const correct = (subjectRef: string, category: string, items: Person, key: string = randomUUID()) =>
  doors.tell('ips-worker', `subjects/${subjectRef}/details`, { category, items, provenance: 'PERSON' }, { key })
async function found(by: Person) {
  await doors.shown()
  const { body } = await doors.tell('ips-worker', 'subjects/search', { ...by, purpose: 'SERVICE_PROVISION' })
  return (body['items'] as readonly { readonly subjectRef: string }[]).map(({ subjectRef }) => subjectRef)
}
const rowsOf = async (subjectRef: string) =>
  (await doors.w.vault.sql<{ field: string }[]>`select field from vault.blind_index where subject = ${subjectRef} order by field`).map(
    ({ field }) => field,
  )

describe('what was corrected is not found any more, nor in anybody’s way', () => {
  test('an NHS number', async () => {
    const subjectRef = await referred({ name: 'Marigold Penhaligon', nhsNumber: '9990000018' })
    expect((await correct(subjectRef, 'ID', { nhsNumber: '9990000026' })).status).toBe(200)
    expect([await found({ nhsNumber: '9990000018' }), await found({ nhsNumber: '9990000026' })]).toEqual([[], [subjectRef]])
    expect((await refer({ name: 'Somebody Else', nhsNumber: '9990000018' })).status).toBe(201)
    expect((await refer({ name: 'Somebody Else', nhsNumber: '9990000026' })).body['code']).toBe('DUPLICATE_REFERRAL')
    expect(await rowsOf(subjectRef)).toEqual(['nhsNumber'])
  })
  test('a telephone number, also there and back again', async () => {
    const [one, two] = ['07700 900111', '07700 900222']
    const subjectRef = await referred({ name: 'Marigold Penhaligon', phone: one })
    await correct(subjectRef, 'CON', { phone: two })
    expect([await found({ phone: one }), await found({ phone: two })]).toEqual([[], [subjectRef]])
    await correct(subjectRef, 'CON', { phone: one })
    expect([await found({ phone: one }), await found({ phone: two })]).toEqual([[subjectRef], []])
    expect(await rowsOf(subjectRef)).toEqual(['phone'])
  })
  test('a name, a date of birth, and both at once by two people', async () => {
    const subjectRef = await referred({ name: 'Ottoline Brackenbury', dateOfBirth: '1990-01-01' })
    const by = (name: string, dateOfBirth: string) => found({ name, dateOfBirth })
    await correct(subjectRef, 'ID', { name: 'Ottilie Brackenbury' })
    expect([await by('Ottoline Brackenbury', '1990-01-01'), await by('Ottilie Brackenbury', '1990-01-01')]).toEqual([[], [subjectRef]])
    await correct(subjectRef, 'ID', { dateOfBirth: '1991-01-01' })
    expect([await by('Ottilie Brackenbury', '1990-01-01'), await by('Ottilie Brackenbury', '1991-01-01')]).toEqual([[], [subjectRef]])
    const both = [{ name: 'Odile Brackenbury' }, { dateOfBirth: '1992-01-01' }] as readonly Person[]
    const answers = await Promise.all(both.map(items => correct(subjectRef, 'ID', items)))
    for (const [n, { status }] of answers.entries()) if (status === 409) await correct(subjectRef, 'ID', both[n] ?? {})
    expect(await by('Odile Brackenbury', '1992-01-01')).toEqual([subjectRef])
    expect([await by('Ottilie Brackenbury', '1992-01-01'), await by('Odile Brackenbury', '1991-01-01')]).toEqual([[], []])
  })
  test('also where whoever corrected it did not live to take the old one out of the index; a repeat does', async () => {
    const subjectRef = await referred({ name: 'Hortensia Pymm', nhsNumber: '9990000050' })
    const settle = doors.w.keys.settle.bind(doors.w.keys)
    const key = randomUUID()
    doors.w.keys.settle = () => Promise.reject(new KeyStoreUnavailable(new Error('gone')))
    expect((await correct(subjectRef, 'ID', { nhsNumber: '9990000077' }, key)).status).toBe(503)
    doors.w.keys.settle = settle
    expect(await rowsOf(subjectRef)).toEqual(['nhsNumber', 'nhsNumber'])
    expect([await found({ nhsNumber: '9990000050' }), await found({ nhsNumber: '9990000077' })]).toEqual([[], [subjectRef]])
    expect((await refer({ name: 'Somebody Else', nhsNumber: '9990000050' })).status).toBe(201)
    expect((await correct(subjectRef, 'ID', { nhsNumber: '9990000077' }, key)).status).toBe(200)
    expect(await rowsOf(subjectRef)).toEqual(['nhsNumber'])
  })
  test('a correction that is refused takes nothing away', async () => {
    const subjectRef = await referred({ name: 'Hortensia Pymm', phone: '07700 900333' })
    expect((await correct(subjectRef, 'CON', { phone: '07700 900333', unheardOf: 'x' })).status).toBe(400)
    expect(await found({ phone: '07700 900333' })).toEqual([subjectRef])
  })
  test('an earlier command that is sent again brings nothing back', async () => {
    const subjectRef = await referred({ name: 'Hortensia Pymm' })
    const key = randomUUID()
    await correct(subjectRef, 'CON', { phone: '07700 900444' }, key)
    await correct(subjectRef, 'CON', { phone: '07700 900555' })
    expect((await correct(subjectRef, 'CON', { phone: '07700 900444' }, key)).status).toBe(200)
    expect([await found({ phone: '07700 900444' }), await found({ phone: '07700 900555' })]).toEqual([[], [subjectRef]])
  })
})

describe('a name is found', () => {
  const dateOfBirth = '1985-05-05'
  test.each([
    ['Łukasz Wałęsa', 'Lukasz Walesa'],
    ['Søren Ørsted', 'Soren Orsted'],
    ['Johann Strauß', 'Johann Strauss'],
    ['Işık Çelik', 'Isik Celik'],
    ['Æthel Red', 'Aethel Red'],
    ['Sinéad O’Brien', 'Sinead OBrien'],
    ['Maeve O’Brien', "Maeve O'Brien"],
  ])('%s by %s, and is the same person in a referral', async (name, by) => {
    const subjectRef = await referred({ name, dateOfBirth })
    expect([await found({ name, dateOfBirth }), await found({ name: by, dateOfBirth })]).toEqual([[subjectRef], [subjectRef]])
    expect((await refer({ name: by, dateOfBirth })).body['code']).toBe('DUPLICATE_REFERRAL')
  })
  test.each([
    ['राम', 'रमा'],
    ['นิด', 'นัด'],
    ['שָׂרָה', 'שֹרה'],
  ])('%s is not found by %s', async (name, by) => {
    const subjectRef = await referred({ name, dateOfBirth })
    expect([await found({ name, dateOfBirth }), await found({ name: by, dateOfBirth })]).toEqual([[subjectRef], []])
  })
  test('as the version before entered it, until it is entered anew', async () => {
    const subjectRef = await referred({ name: 'Łucja Jürgens', dateOfBirth })
    const [{ metadata } = { metadata: { commandId: '' } }] = await doors.history(`person-${subjectRef}`)
    const asBefore: IndexEntry = { field: 'nameAndDateOfBirth', value: `łucja jurgens|${dateOfBirth}`, scope: 'REF' }
    await doors.w.keys.release(metadata.commandId)
    await doors.w.keys.reserve(metadata.commandId, subjectRef, [asBefore])
    const spellings = ['Łucja Jürgens', 'Łucja Jurgens', 'Lucja Jurgens']
    const all = () => Promise.all(spellings.map(async name => (await found({ name, dateOfBirth })).length))
    expect(await all()).toEqual([1, 1, 0])
    expect((await refer({ name: 'łucja jürgens', dateOfBirth })).body['code']).toBe('DUPLICATE_REFERRAL')
    for await (const _ of reindex(doors.w));
    expect([await all(), await rowsOf(subjectRef)]).toEqual([[1, 1, 1], ['foldedNameAndDateOfBirth']])
  })
})
