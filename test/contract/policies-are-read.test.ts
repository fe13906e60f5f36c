import { randomUUID } from 'node:crypto'
import { aReferral, openDoors } from '../support/doors.js'

/** A month later than it is, where a test says so. */
let later = 0
let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors({ clock: { now: () => new Date(Date.now() + later).toISOString() } })
})
afterAll(() => doors.close())
const month = 30 * 86_400_000

/** Somebody who works here, and how they ask. */
async function member() {
  const staff = `somebody-${randomUUID()}`
  const { body } = await doors.read('back-office', 'me', { staff })
  const staffRef = String(body['staffRef'])
  const acknowledge = (said: object) => doors.tell('back-office', `staff/${staffRef}/acknowledgements`, said, { staff })
  return { staffRef, staff, acknowledge, refer: () => doors.tell('back-office', 'referrals', aReferral, { staff }) }
}
const publish = (version: string, graceDays: number) =>
  doors.tell('accountable-executive', 'policies/staff-policies', { policy: 'ACCESS', version, title: 'Who may see what', graceDays })
async function unread() {
  await doors.shown()
  const { body } = await doors.read('dpo', 'staff/unacknowledged?limit=100')
  return (body['items'] as readonly { readonly staffRef: string }[]).map(({ staffRef }) => staffRef)
}

test('[C38] whoever has not acknowledged the version in force writes only what may never be refused, once their days ran out', async () => {
  const { staffRef, staff, acknowledge, refer } = await member()
  expect(await unread()).toEqual([])
  expect((await publish('ACCESS-1', 14)).status).toBe(201)
  // Everybody has some days for it, and stands in a list meanwhile.
  expect(await unread()).toContain(staffRef)
  expect((await refer()).status).toBe(201)
  later = month
  expect(await refer()).toMatchObject({ status: 403, body: { code: 'POLICY_NOT_ACKNOWLEDGED' } })
  const discoveredAt = new Date().toISOString()
  const breach = { kind: 'CONFIDENTIALITY', discoveredAt, summary: 'A letter went astray.', categories: ['ID'] }
  expect((await doors.tell('back-office', 'breaches', breach, { staff })).status).toBe(201)
  expect((await acknowledge({ policy: 'ACCESS', version: 'ACCESS-1' })).status).toBe(201)
  expect((await refer()).status).toBe(201)
  expect(await unread()).not.toContain(staffRef)
  const register = await doors.read('dpo', 'staff?limit=100')
  expect(register.body['items']).toContainEqual(expect.objectContaining({ staffRef, acknowledged: ['ACCESS ACCESS-1'] }))
})
test('[C38] the next version asks again, after days of its own', async () => {
  const { staffRef, acknowledge, refer } = await member()
  expect((await acknowledge({ policy: 'ACCESS', version: 'ACCESS-1' })).status).toBe(201)
  const executive = String((await doors.read('accountable-executive', 'me')).body['staffRef'])
  const ofExecutive = { policy: 'ACCESS', version: 'ACCESS-1' }
  expect((await doors.tell('accountable-executive', `staff/${executive}/acknowledgements`, ofExecutive)).status).toBe(201)
  expect((await publish('ACCESS-2', 14)).status).toBe(201)
  expect([(await refer()).status, await unread()]).toEqual([201, expect.arrayContaining([staffRef])])
  later = 2 * month
  expect(await refer()).toMatchObject({ status: 403, body: { code: 'POLICY_NOT_ACKNOWLEDGED' } })
})
test('[C38] nobody acknowledges for somebody else, nor what was never published', async () => {
  const [one, other] = [await member(), await member()]
  const said = { policy: 'ACCESS', version: 'ACCESS-2' }
  const forOther = await doors.tell('back-office', `staff/${other.staffRef}/acknowledgements`, said, { staff: one.staff })
  expect(forOther).toMatchObject({ status: 403, body: { code: 'ONLY_FOR_ONESELF' } })
  expect(await one.acknowledge({ policy: 'ACCESS', version: 'ACCESS-9' })).toMatchObject({
    status: 400,
    body: { code: 'STAFF_POLICY_UNKNOWN', errors: [{ field: 'version' }] },
  })
})
test('[C75] the contacts are those in force at the time that is asked for', async () => {
  const at = async (instant?: string) =>
    (await doors.read('back-office', `service-contacts${instant === undefined ? '' : `?at=${encodeURIComponent(instant)}`}`)).body
  expect(await at()).toMatchObject({ version: 'DEMO-2', demo: true, dpo: { email: 'data-protection@service.invalid' } })
  const [executive, soon] = [`executive-${randomUUID()}`, new Date(Date.parse(doors.now()) + month).toISOString()]
  const { staffRef } = (await doors.read('accountable-executive', 'me', { staff: executive })).body
  await doors.tell(
    'accountable-executive',
    `staff/${String(staffRef)}/acknowledgements`,
    { policy: 'ACCESS', version: 'ACCESS-2' },
    { staff: executive },
  )
  const next = {
    version: 'CONTACTS-1',
    effectiveFrom: soon,
    controller: 'Somebody Else',
    address: ['2 Elsewhere Road'],
    dpo: { email: 'dpo@elsewhere.invalid', phone: '0191 000 0002' },
    caldicott: { email: 'guardian@elsewhere.invalid' },
    premises: [],
  }
  expect((await doors.tell('accountable-executive', 'policies/contacts', next, { staff: executive })).status).toBe(201)
  expect([(await at())['version'], (await at(soon))['version']]).toEqual(['DEMO-2', 'CONTACTS-1'])
  expect(await at(soon)).toMatchObject({ demo: false, dpo: next.dpo, caldicott: next.caldicott, premises: [] })
  // Nobody was named before there was a service.
  expect(await doors.read('back-office', 'service-contacts?at=2019-01-01T00:00:00Z')).toMatchObject({
    status: 404,
    body: { code: 'NOT_FOUND' },
  })
})
