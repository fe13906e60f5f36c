import type { SubjectRef } from '#kernel/id'
import { aReferral, openDoors } from '../support/doors.js'
import { erase } from '../support/people.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const referred = async () => `subjects/${String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])}`
const tell = (url: string, body: object) => doors.tell('ips-worker', url, body)
const caseOf = async (person: string, reader: 'ips-worker' | 'auditor' = 'ips-worker', purpose = 'SERVICE_PROVISION') => {
  await doors.shown()
  return (await doors.read(reader, `${person}/case?purpose=${purpose}`)).body as Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
const wishes = {
  preferred: 'SMS',
  refused: ['LETTER'],
  safeTimes: ['MON 09:00-12:30'],
  needs: ['LARGE_PRINT', 'HEARING_LOOP'],
  language: 'Welsh',
  saidAt: '2026-11-21T10:00:00Z',
}

describe('[C58] how somebody wants to be reached', () => {
  test('is shown with the case, and what they need to whoever may read it', async () => {
    const person = await referred()
    expect(await tell(`${person}/contact-preferences`, wishes)).toMatchObject({
      status: 200,
      body: { permitted: ['PHONE', 'EMAIL', 'SMS', 'IN_PERSON', 'HOME_VISIT', 'VIDEO'] },
    })
    expect(await caseOf(person)).toMatchObject({
      contact: { preferred: 'SMS', refused: ['LETTER'], neverVoicemail: false, discreet: true, saidAt: '2026-11-21T10:00:00.000Z' },
      fields: { 'CON.safeTimes': wishes.safeTimes, 'CON.needs': wishes.needs, 'CON.language': 'Welsh' },
    })
  })
  test('is as they said it last, whenever it is typed in', async () => {
    const person = await referred()
    await tell(`${person}/contact-preferences`, wishes)
    const older = await tell(`${person}/contact-preferences`, { refused: ['PHONE'], saidAt: '2026-11-20T12:00:00Z' })
    expect(older).toMatchObject({ status: 200, body: { permitted: expect.arrayContaining(['PHONE']) as unknown } })
    expect(await caseOf(person)).toMatchObject({ contact: { refused: ['LETTER'] }, fields: { 'CON.language': 'Welsh' } })
    await tell(`${person}/contact-preferences`, { refused: ['PHONE'], discreet: false })
    const now = await caseOf(person)
    expect(now).toMatchObject({ contact: { refused: ['PHONE'], discreet: false } })
    expect(now['contact']).not.toHaveProperty('preferred')
    expect(now['fields']).not.toHaveProperty(['CON.language'])
  })
  test('stands sealed in the log where it says something of how they live, and goes with an erasure', async () => {
    const person = await referred()
    await tell(`${person}/contact-preferences`, wishes)
    const subjectRef = person.slice('subjects/'.length) as SubjectRef
    const stored = []
    for await (const event of doors.w.store.readStream(`person-${subjectRef}`)) stored.push(JSON.stringify(event.data))
    expect(stored.join()).toContain('"refused":["LETTER"]')
    for (const word of ['09:00', 'LARGE_PRINT', 'Welsh']) expect(stored.join()).not.toContain(word)
    await erase(doors.w, subjectRef)
    expect((await caseOf(person))['fields']).toMatchObject({ 'CON.safeTimes': { erased: true }, 'CON.needs': { erased: true } })
  })
  test('contradicts itself nowhere', async () => {
    const person = await referred()
    for (const wanted of [{ preferred: 'LETTER' }, { allowed: ['LETTER'] }])
      expect(await tell(`${person}/contact-preferences`, { refused: ['LETTER'], ...wanted })).toMatchObject({
        status: 400,
        body: { code: 'INVALID_REQUEST', field: 'refused' },
      })
    expect(await tell(`${person}/contact-preferences`, { safeTimes: ['MON 12:00-09:00'] })).toMatchObject({ status: 400 })
  })
})
