import { randomUUID } from 'node:crypto'
import { sourceAddressOf } from '#nest/source-address'
import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
let subjectRef: string
beforeAll(async () => {
  doors = await openDoors()
  const { body } = await doors.tell('back-office', 'referrals', aReferral)
  subjectRef = String(body['subjectRef'])
  await doors.shown()
})
afterAll(() => doors.close())

/** What the log says of readings, searches and refusals, once all of it is stored. */
const onRecord = async (type: string, atLeast: number) =>
  (await doors.onRecord(type, undefined, { atLeast })).map(({ data, meta }) => ({ type, data, actor: meta.actor.role }))
const from = () => sourceAddressOf(doors.w.serviceKey, '127.0.0.1')

test('[C37] a reading says on which ground it was let in, and from where, without the address', async () => {
  expect(await doors.read('team-leader', `subjects/${subjectRef}/case?purpose=SERVICE_PROVISION`)).toMatchObject({ status: 200 })
  const [reading] = await onRecord('RecordAccessed', 1)
  expect(reading).toMatchObject({ actor: 'team-leader', data: { subjectRef, ground: 'INTAKE', sourceAddress: from() } })
  expect(JSON.stringify(reading)).not.toContain('127.0.0.1')
})
test('a search says from where', async () => {
  await doors.tell('back-office', 'subjects/search', { purpose: 'SERVICE_PROVISION', phone: '07700 900142' })
  expect(await onRecord('SearchMade', 1)).toMatchObject([{ data: { hits: 0, sourceAddress: from() } }])
})
test('what is refused is on record with the person whom it was about: a role, a purpose, a need, an id that nobody has', async () => {
  const nobody = randomUUID()
  const asked = [
    doors.read('sysadmin', `subjects/${subjectRef}/case?purpose=SERVICE_PROVISION`),
    doors.read('dpo', `subjects/${subjectRef}/case?purpose=CURIOSITY`),
    doors.read('back-office', `subjects/${subjectRef}/case?purpose=HEALTHCARE`),
    doors.read('dpo', `subjects/${nobody}/case?purpose=SERVICE_PROVISION`),
    doors.tell('ips-worker', `subjects/${nobody}/consents/withdraw`, { all: true, channel: 'PHONE' }),
  ]
  expect((await Promise.all(asked)).map(({ body }) => body['code'])).toEqual([
    ...['ROLE_NOT_PERMITTED', 'PURPOSE_NOT_REGISTERED', 'NO_NEED_TO_KNOW', 'NOT_FOUND', 'NOT_FOUND'],
  ])
  const refused = (await onRecord('CommandRefused', 5)).map(({ data }) => [
    data['command'],
    data['code'],
    data['subjectRef'],
    data['sourceAddress'],
  ])
  expect(refused).toHaveLength(5)
  expect(refused).toEqual(
    expect.arrayContaining([
      ['Access', 'ROLE_NOT_PERMITTED', subjectRef, from()],
      ['Access', 'PURPOSE_NOT_REGISTERED', subjectRef, from()],
      ['Access', 'NO_NEED_TO_KNOW', subjectRef, from()],
      ['Access', 'NOT_FOUND', nobody, from()],
      ['WithdrawConsent', 'NOT_FOUND', nobody, from()],
    ]),
  )
})
