import { randomUUID } from 'node:crypto'
import { aReferral, openDoors } from '../support/doors.js'

/** A year later than it is, where a test says so. */
let later = 0
let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors({ clock: { now: () => new Date(Date.now() + later).toISOString() } })
})
afterEach(() => {
  later = 0
})
afterAll(() => doors.close())
const daysAgo = (n: number) => new Date(Date.now() - n * 86_400_000).toISOString()

/** Somebody who works here, and how they ask. */
async function member() {
  const staff = `somebody-${randomUUID()}`
  const { body } = await doors.read('back-office', 'me', { staff })
  const staffRef = String(body['staffRef'])
  const trained = (completedAt: string) =>
    doors.tell('team-leader', `staff/${staffRef}/training`, { course: 'DATA-PROTECTION', completedAt })
  return { staffRef, staff, trained, refer: () => doors.tell('back-office', 'referrals', aReferral, { staff }) }
}

test('[C47] whoever’s training is out of date writes only what may never be refused, until a new one', async () => {
  const { staff, trained, refer } = await member()
  expect((await refer()).status).toBe(201)
  expect((await trained(daysAgo(366))).status).toBe(200)
  expect(await refer()).toMatchObject({ status: 403, body: { code: 'TRAINING_EXPIRED' } })
  const breach = { kind: 'CONFIDENTIALITY', discoveredAt: daysAgo(1), summary: 'A letter went astray.', categories: ['ID'] }
  expect((await doors.tell('back-office', 'breaches', breach, { staff })).status).toBe(201)
  expect((await trained(daysAgo(1))).status).toBe(200)
  expect((await refer()).status).toBe(201)
  later = 366 * 86_400_000
  expect(await refer()).toMatchObject({ status: 403, body: { code: 'TRAINING_EXPIRED' } })
})
test('[C47] whose training runs out, has run out or is not on record stands in a list', async () => {
  const [lately, soon, none] = [await member(), await member(), await member()]
  await lately.trained(daysAgo(1))
  await soon.trained(daysAgo(360))
  await doors.shown()
  const { body } = await doors.read('team-leader', `staff?state=ACTIVE&limit=100&trainingEndsBefore=${daysAgo(-30)}`)
  const listed = (body['items'] as readonly { readonly staffRef: string }[]).map(({ staffRef }) => staffRef)
  expect([lately, soon, none].map(({ staffRef }) => listed.includes(staffRef))).toEqual([false, true, true])
})
test('[C47] nobody says of themselves that they did a training', async () => {
  const staff = 'a-leader'
  const { staffRef } = (await doors.read('team-leader', 'me', { staff })).body
  const training = { course: 'DATA-PROTECTION', completedAt: daysAgo(1) }
  const { body } = await doors.tell('team-leader', `staff/${String(staffRef)}/training`, training, { staff })
  expect(body).toMatchObject({ code: 'SELF_APPROVAL_FORBIDDEN' })
})
