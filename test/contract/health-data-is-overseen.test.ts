import { randomUUID } from 'node:crypto'
import { aReferral, openDoors } from '../support/doors.js'

/** Later than it is, where a test says so. */
let later = 0
let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors({ clock: { now: () => new Date(Date.now() + later).toISOString() } })
})
afterAll(() => doors.close())
const days = (n: number) => n * 86_400_000

const refer = async () => String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])
const record = (subjectRef: string, category = 'HLT', items: object = { substanceUse: 'In recovery' }) =>
  doors.tell('ips-worker', `subjects/${subjectRef}/details`, { category, items, provenance: 'PERSON' })
const oversight = async () => (await doors.read('dpo', 'health-oversight')).body
const waiting = async () => {
  await doors.shown()
  const { body } = await doors.read('health-overseer', 'health-oversight/records?state=WAITS&limit=200')
  return (body['items'] as readonly { readonly subjectRef: string }[]).map(({ subjectRef }) => subjectRef)
}
const share = (subjectRef: string, how: object) =>
  doors.tell('ips-worker', `subjects/${subjectRef}/disclosures/check`, {
    recipient: 'STARS',
    purpose: 'JOINT_CARE',
    categories: ['HLT'],
    fields: ['HLT.substanceUse'],
    confidentialityBasis: 'IMPLIED_DIRECT_CARE',
    notification: { decision: 'INFORM_BEFORE' },
    necessity: 'To agree on a plan.',
    method: 'SECURE_EMAIL',
    ...how,
  })

test('[C18] health data is recorded and shared while somebody in a register oversees it, and for some days after the last', async () => {
  const subjectRef = await refer()
  // Nobody has set that it has to be so.
  expect((await record(subjectRef)).status).toBe(200)
  const set = { version: 'OVERSIGHT-1', gapDays: 28, reviewEveryDays: 90 }
  expect((await doors.tell('accountable-executive', 'policies/oversight', set)).status).toBe(201)
  expect((await record(subjectRef)).status).toBe(200)
  expect(await oversight()).toMatchObject({ overseers: [], allowedUntil: expect.any(String) as unknown })
  later = days(29)
  expect(await record(subjectRef)).toMatchObject({ status: 422, body: { code: 'NO_HEALTH_PROFESSIONAL_OVERSIGHT' } })
  expect(JSON.stringify((await share(subjectRef, {})).body)).toContain('NO_HEALTH_PROFESSIONAL_OVERSIGHT')
  // What is no health data goes on, and what protects somebody does.
  expect((await record(subjectRef, 'EMP', { skills: 'bees' })).status).toBe(200)
  expect(JSON.stringify((await share(subjectRef, { categories: ['EMP'], fields: ['EMP.skills'] })).body)).not.toContain('OVERSIGHT')

  const { staffRef } = (await doors.read('health-overseer', 'me')).body
  const said = { profession: 'HEALTH_PROFESSIONAL', regulator: 'NMC', registration: '00A0000Z' }
  expect((await doors.tell('caldicott', `staff/${String(staffRef)}/health-oversight`, said)).status).toBe(201)
  expect((await record(subjectRef)).status).toBe(200)
  expect(JSON.stringify((await share(subjectRef, {})).body)).not.toContain('OVERSIGHT')
  expect(await oversight()).toMatchObject({ overseers: [{ staffRef, profession: 'HEALTH_PROFESSIONAL', regulator: 'NMC' }] })
  expect((await doors.read('dpo', `staff/${String(staffRef)}/details`)).body).toMatchObject({ registration: '00A0000Z' })

  const ended = await doors.tell('caldicott', `staff/${String(staffRef)}/health-oversight/end`, { reason: 'REGISTRATION_ENDED' })
  expect(ended.status).toBe(200)
  expect(await record(subjectRef)).toMatchObject({ status: 422, body: { code: 'NO_HEALTH_PROFESSIONAL_OVERSIGHT' } })
})
test('[C18] only whoever is registered in the role can be said to oversee', async () => {
  const { body } = await doors.tell('caldicott', 'staff', { subject: randomUUID(), role: 'ips-worker' })
  const said = { profession: 'HEALTH_PROFESSIONAL', regulator: 'NMC', registration: '00A0000Z' }
  expect(await doors.tell('caldicott', `staff/${String(body['staffRef'])}/health-oversight`, said)).toMatchObject({
    status: 409,
    body: { code: 'ROLE_NOT_REGISTERED' },
  })
})
test('[C18] whose health data was recorded waits for whoever oversees it, until they have looked, and again after the next', async () => {
  later = 0
  const [one, other] = [await refer(), await refer()]
  await record(one)
  await record(other, 'EMP', { skills: 'bees' })
  expect(await waiting()).toEqual(expect.arrayContaining([one]))
  expect(await waiting()).not.toContain(other)
  const reviewedAt = new Date().toISOString()
  const review = { subjects: [one], outcome: 'SATISFACTORY', reviewedAt }
  expect((await doors.tell('dpo', 'health-oversight/reviews', review)).status).toBe(403)
  const slip = { ...review, subjects: [one, randomUUID()] }
  expect(await doors.tell('health-overseer', 'health-oversight/reviews', slip)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  expect((await doors.tell('health-overseer', 'health-oversight/reviews', review)).status).toBe(201)
  expect(await waiting()).not.toContain(one)
  expect(await oversight()).toMatchObject({ reviewedAt, reviewDue: new Date(Date.parse(reviewedAt) + days(90)).toISOString() })
  await record(one, 'HLT', { substanceUse: 'Had a slip' })
  expect(await waiting()).toContain(one)
})
