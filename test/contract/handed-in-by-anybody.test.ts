import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
let subjectRef: string
beforeAll(async () => {
  doors = await openDoors()
  subjectRef = String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])
})
afterAll(() => doors.close())

const breach = { kind: 'CONFIDENTIALITY', discoveredAt: '2026-11-27T10:00:00Z', summary: 'A letter went astray.', categories: ['ID'] }
const request = { channel: 'EMAIL', receivedAt: '2026-11-27T10:00:00Z', grounds: 'NO_LONGER_NECESSARY', words: 'Please forget me.' }

test('an auditor reports a breach, without an audit that is about it', async () => {
  expect(await doors.tell('auditor', 'breaches', breach)).toMatchObject({ status: 201 })
})
test('a system administrator takes a request for erasure', async () => {
  expect(await doors.tell('sysadmin', `subjects/${subjectRef}/erasure-requests`, request)).toMatchObject({ status: 201 })
})
test('a breach responder takes a withdrawal', async () => {
  const said = { all: true, channel: 'PHONE' }
  expect(await doors.tell('breach-responder', `subjects/${subjectRef}/consents/withdraw`, said)).toMatchObject({ status: 200 })
})
