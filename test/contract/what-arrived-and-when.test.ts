import type { SubjectRef } from '#kernel/id'
import { aReferral, openDoors } from '../support/doors.js'
import { erase } from '../support/people.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const referred = async () => `subjects/${String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])}`
const receivedAt = '2026-11-21T22:15:00.000Z'
const message = { channel: 'SMS', receivedAt, words: 'please delete everything' }
const arrived = async (person: string) => {
  const { status, body } = await doors.tell('integration', `${person}/messages`, message)
  expect(status).toBe(201)
  return `${person}/messages/${String(body['messageId'])}`
}
const waiting = async (person: string) => {
  await doors.shown()
  const { items } = (await doors.read('ips-worker', 'messages/waiting?limit=100')).body as { readonly items: readonly Item[] }
  return items.filter(({ subjectRef }) => person.endsWith(subjectRef))
}
type Item = { readonly subjectRef: string } & Readonly<Record<string, unknown>>
const asErasure = { as: 'ERASURE_REQUEST', request: { grounds: 'CONSENT_WITHDRAWN', words: 'please delete everything' } }

describe('[C60] a message that nobody watched for', () => {
  test('waits in the list until somebody says what it was, and once only', async () => {
    const person = await referred()
    const one = await arrived(person)
    expect(await waiting(person)).toMatchObject([{ state: 'WAITING', channel: 'SMS', receivedAt }])
    expect(await doors.tell('ips-worker', `${one}/handling`, { as: 'ANSWERED' })).toMatchObject({ status: 200 })
    expect(await waiting(person)).toEqual([])
    const again = await doors.tell('ips-worker', `${one}/handling`, { as: 'ANSWERED' })
    expect(again).toMatchObject({ status: 409, body: { code: 'MESSAGE_HANDLED', clause: 'C60' } })
  })
  test('is a request for erasure as of its arrival, whenever it is read', async () => {
    const person = await referred()
    // A month from its arrival is a Monday.
    const due = '2026-12-21'
    const told = await doors.tell('ips-worker', `${await arrived(person)}/handling`, asErasure)
    expect(told).toMatchObject({ status: 200, body: { due } })
    await doors.shown()
    const { erasureRequests } = (await doors.read('dpo', `${person}/case?purpose=RIGHTS_FULFILMENT`)).body
    expect(erasureRequests).toMatchObject([{ state: 'RECEIVED', receivedAt, due }])
  })
  test('has to say what is asked where it is a request for erasure, and nothing where it is none', async () => {
    const one = await arrived(await referred())
    for (const body of [{ as: 'ERASURE_REQUEST' }, { ...asErasure, as: 'ANSWERED' }])
      expect(await doors.tell('ips-worker', `${one}/handling`, body)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } })
  })
  test('is taken from anybody, and of somebody who is erased without its words', async () => {
    const person = await referred()
    await erase(doors.w, person.slice('subjects/'.length) as SubjectRef)
    const told = await doors.tell('auditor', `${person}/messages`, message)
    expect(told).toMatchObject({ status: 201 })
    const words = await doors.read('team-leader', `${person}/messages/${String(told.body['messageId'])}/words`)
    expect(words.body).not.toHaveProperty('words')
    expect(await waiting(person)).toHaveLength(1)
  })
  test('is read by whoever may, on record', async () => {
    const one = await arrived(await referred())
    expect(await doors.read('ips-worker', `${one}/words`)).toMatchObject({ status: 200, body: { receivedAt, words: message.words } })
    expect(await doors.read('sysadmin', `${one}/words`)).toMatchObject({ status: 403 })
  })
})
