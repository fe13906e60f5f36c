import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

async function referred(receivedAt: string) {
  const { body } = await doors.tell('back-office', 'referrals', { ...aReferral, receivedAt })
  return String(body['subjectRef'])
}
const caseAt = (subjectRef: string, effectiveAt: string) =>
  doors.read('team-leader', `subjects/${subjectRef}/case?purpose=SERVICE_PROVISION&effectiveAt=${effectiveAt}`)

test('a referral that came on the 20th is there on the 21st, whenever it was typed in', async () => {
  const subjectRef = await referred('2026-11-20T10:00:00Z')
  expect(await caseAt(subjectRef, '2026-11-21T10:00:00Z')).toMatchObject({ status: 200 })
  expect(await caseAt(subjectRef, '2026-11-19T10:00:00Z')).toMatchObject({ status: 404 })
})
test('what an event says of its own time stands in its metadata; the time of recording stays the store’s', async () => {
  const subjectRef = await referred('2026-11-20T10:00:00Z')
  const [received] = (await doors.history(`person-${subjectRef}`)).filter(({ type }) => type === 'ReferralReceived')
  expect(received?.metadata.occurredAt).toBe('2026-11-20T10:00:00.000Z')
  expect(Date.parse(String(received?.meta.recordedAt))).toBeGreaterThan(Date.parse('2026-11-28T00:00:00Z'))
})
test('nothing happened after it was recorded: a caller’s clock may be a little ahead', async () => {
  const ahead = new Date(Date.now() + 120_000).toISOString()
  const subjectRef = await referred(ahead)
  const [received] = (await doors.history(`person-${subjectRef}`)).filter(({ type }) => type === 'ReferralReceived')
  expect(Date.parse(String(received?.metadata.occurredAt))).toBeLessThan(Date.parse(ahead))
})
