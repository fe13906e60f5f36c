import { randomUUID } from 'node:crypto'
import { carryOutStaffErasure, staffErasureBegunBy } from '#processes/staff-details'
import type { StaffRole } from '#kernel/actor'
import { openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())
const name = 'Rosalind Okonjo-Bright'

async function member(role: StaffRole = 'ips-worker') {
  const { body } = await doors.tell('caldicott', 'staff', { subject: randomUUID(), role })
  const staffRef = String(body['staffRef'])
  const asked = (by: StaffRole) => doors.read(by, `staff/${staffRef}/details`)
  return { staffRef, asked, tell: (by: StaffRole, what: string, said: object) => doors.tell(by, `staff/${staffRef}/${what}`, said) }
}
/** What the worker does, once. */
async function erased(staffRef: string) {
  const { w } = doors
  for (const event of await doors.history(`staff-${staffRef}`)) {
    const work = staffErasureBegunBy(event)
    if (work) await carryOutStaffErasure(work, { ...w, assertOwnLog: () => Promise.resolve() })
  }
}

test('[C48] who somebody is, is sealed, and opened on record for those who may know', async () => {
  const { staffRef, asked, tell } = await member()
  expect((await tell('team-leader', 'details', { name, contact: 'extension 4711' })).status).toBe(200)
  expect(await asked('dpo')).toMatchObject({ status: 200, body: { staffRef, name, contact: 'extension 4711' } })
  expect((await asked('back-office')).status).toBe(403)
  const texts: string[] = []
  const accesses: object[] = []
  for await (const stored of doors.w.store.readAll()) {
    texts.push(JSON.stringify(stored.data))
    if (stored.type === 'RecordAccessed') accesses.push(doors.w.codec.decode(stored).data as object)
  }
  expect(texts.filter(text => text.includes('Okonjo'))).toEqual([])
  expect(accesses).toContainEqual(expect.objectContaining({ subjectRef: staffRef, what: 'STAFF', scopes: ['CON', 'ID'] }))
  await doors.shown()
  expect(JSON.stringify((await doors.read('dpo', 'staff?limit=200')).body)).not.toContain('Okonjo')
})
test('[C48] of somebody nobody has named, and of nobody, there is nothing to open', async () => {
  const { staffRef, asked } = await member()
  expect((await asked('caldicott')).body).toEqual({ staffRef })
  expect(await doors.read('dpo', `staff/${randomUUID()}/details`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
})
test('[C46] [C54] once somebody has left it is erased: nothing opens, the keys are gone, and a new name has a new one', async () => {
  const { staffRef, asked, tell } = await member()
  await tell('team-leader', 'details', { name })
  expect(await tell('dpo', 'details/erasure', { cause: 'NO_LONGER_NEEDED' })).toMatchObject({
    status: 409,
    body: { code: 'STAFF_STILL_HERE' },
  })
  expect((await tell('team-leader', 'leaving', {})).status).toBe(200)
  expect((await tell('caldicott', 'details/erasure', { cause: 'NO_LONGER_NEEDED' })).status).toBe(403)
  expect((await tell('dpo', 'details/erasure', { cause: 'NO_LONGER_NEEDED' })).status).toBe(200)
  // From the event on, also before the keys are destroyed.
  expect((await asked('dpo')).body).toMatchObject({ name: { erased: true } })
  await erased(staffRef)
  await erased(staffRef)
  const history = await doors.history(`staff-${staffRef}`)
  const kids = history.flatMap(({ type, data }) => (type === 'StaffKeyCreated' ? [(data as { readonly kid: string }).kid] : []))
  expect(history.filter(({ type }) => type === 'StaffKeysDestroyed').map(({ data }) => data)).toEqual([expect.objectContaining({ kids })])
  expect(await doors.w.keys.remaining(staffRef, kids, [])).toEqual({ keys: 0, indexRows: 0 })
  expect((await asked('dpo')).body).toMatchObject({ name: { erased: true } })
  await doors.tell('caldicott', 'staff', { subject: 'nobody', role: 'ips-worker' })
  expect((await tell('team-leader', 'details', { name: 'Rosalind Bright' })).status).toBe(200)
  expect((await asked('dpo')).body).toMatchObject({ name: 'Rosalind Bright' })
})
test('[C48] nobody names themselves, or those whom they do not look after', async () => {
  const { tell } = await member('dpo')
  expect(await tell('team-leader', 'details', { name })).toMatchObject({ status: 403, body: { code: 'ROLE_NOT_TO_GIVE' } })
  const { staffRef } = (await doors.read('team-leader', 'me')).body
  const own = await doors.tell('team-leader', `staff/${String(staffRef)}/details`, { name })
  expect(own).toMatchObject({ status: 403, body: { code: 'SELF_APPROVAL_FORBIDDEN' } })
})
