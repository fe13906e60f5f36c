import { randomUUID } from 'node:crypto'
import type { Appointment } from '#domain/staff/events'
import { openDoors } from '../support/doors.js'

/** A day later than it is, where a test says so. */
let later = 0
const clock = { now: () => new Date(Date.now() + later).toISOString() }
const day = 86_400_000
const inDays = (n: number) => new Date(Date.now() + n * day).toISOString()

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors({ clock })
})
afterEach(() => {
  later = 0
})
afterAll(() => doors.close())

const health = async () => {
  const { parts } = (await doors.api.inject({ method: 'GET', url: '/health/ready' })).json<{
    parts: readonly { readonly part: string; readonly ready: boolean; readonly vacant?: readonly string[]; readonly why?: string }[]
  }>()
  return parts.find(({ part }) => part === 'appointments')
}
const gauged = async (role: Appointment) =>
  (await doors.api.inject({ method: 'GET', url: '/metrics' })).body.includes(`caseledger_role_vacant{role="${role}"} 1`)
const acting = async (role: Appointment) => {
  const { body } = await doors.read('team-leader', 'appointments')
  return (body as unknown as readonly { role: string; acting?: string; standIns: readonly string[] }[]).find(one => one.role === role)
}
const refOf = async (role: Appointment, staff: string) => String((await doors.read(role, 'me', { staff })).body['staffRef'])
const registered = async (role: Appointment) =>
  String((await doors.tell('caldicott', 'staff', { subject: randomUUID(), role })).body['staffRef'])
const tell = async (url: string, body: object = {}) => {
  const { status, body: answer } = await doors.tell('caldicott', url, body)
  return { status, ...answer } as { readonly status: number } & Readonly<Record<string, unknown>>
}

test('[C48] a role in which nobody acts is an alarm, in health, as a metric and in the list, until somebody is appointed', async () => {
  expect(await health()).toMatchObject({
    ready: true,
    vacant: ['dpo', 'caldicott', 'health-overseer', 'accountable-executive'],
    why: expect.stringContaining('ROLE_VACANT') as string,
  })
  const staffRef = await registered('dpo')
  expect([await gauged('dpo'), (await health())?.vacant?.includes('dpo')]).toEqual([true, true])
  expect(await acting('dpo')).toEqual({ role: 'dpo', standIns: [] })
  expect((await tell(`staff/${staffRef}/appointments`, { role: 'dpo' })).status).toBe(201)
  expect([await gauged('dpo'), (await health())?.vacant?.includes('dpo')]).toEqual([false, false])
  expect(await acting('dpo')).toEqual({ role: 'dpo', acting: staffRef, standIns: [] })
})
test('[C48] a holder who is suspended, or has left, leaves the role to a deputy, or vacant', async () => {
  const [holder, deputy] = [await refOf('health-overseer', 'first'), await refOf('health-overseer', 'second')]
  expect(await acting('health-overseer')).toEqual({ role: 'health-overseer', acting: holder, standIns: [deputy] })
  await tell(`staff/${holder}/suspension`)
  expect(await acting('health-overseer')).toEqual({ role: 'health-overseer', acting: deputy, standIns: [] })
  expect(await gauged('health-overseer')).toBe(false)
  await tell(`staff/${deputy}/leaving`)
  expect([await gauged('health-overseer'), (await health())?.vacant?.includes('health-overseer')]).toEqual([true, true])
  await tell(`staff/${holder}/reinstatement`)
  expect(await acting('health-overseer')).toMatchObject({ acting: holder })
})
test('[C48] a new holder takes the place of the old one, who acts no more; an appointment ends', async () => {
  const old = await refOf('dpo', 'old-dpo')
  const one = await registered('dpo')
  expect((await tell(`staff/${one}/appointments`, { role: 'dpo', as: 'HOLDER' })).status).toBe(201)
  expect(await acting('dpo')).toMatchObject({ acting: one, standIns: [old] })
  expect((await tell(`staff/${old}/appointments/end`, { role: 'dpo' })).status).toBe(200)
  expect((await doors.read('dpo', 'me', { staff: 'old-dpo' })).body).toMatchObject({ code: 'STAFF_NOT_REGISTERED' })
  expect(await acting('dpo')).toMatchObject({ acting: one, standIns: [] })
  expect((await tell(`staff/${one}/appointments/end`, { role: 'dpo' })).status).toBe(200)
  expect(await gauged('dpo')).toBe(true)
})
test('[C48] whoever stands in for a while acts from the first day to the last', async () => {
  await refOf('caldicott', 'caldicott-1')
  const staff = 'stand-in'
  const staffRef = await refOf('caldicott', staff)
  const asked = async () => (await doors.read('caldicott', 'me', { staff })).status
  expect((await tell(`staff/${staffRef}/appointments/end`, { role: 'caldicott' })).code).toBeUndefined()
  const standIn = { role: 'caldicott', as: 'DEPUTY', from: inDays(2), until: inDays(4) }
  const dpo = (body: object) => doors.tell('dpo', `staff/${staffRef}/appointments`, body, { staff: 'new-dpo' })
  expect((await dpo({ ...standIn, until: inDays(1) })).body).toMatchObject({ code: 'DAYS_OUT_OF_ORDER', errors: [{ field: 'until' }] })
  expect((await dpo(standIn)).status).toBe(201)
  const seen = []
  for (const n of [0, 3, 5]) {
    later = n * day
    seen.push(await asked())
  }
  expect(seen).toEqual([403, 200, 403])
})
test('[C48] nobody ends their own appointment, or one that their role does not give', async () => {
  const own = await refOf('caldicott', 'caldicott-1')
  expect(await tell(`staff/${own}/appointments/end`, { role: 'caldicott' })).toMatchObject({ code: 'SELF_APPROVAL_FORBIDDEN' })
  const { body } = await doors.tell('team-leader', `staff/${own}/appointments/end`, { role: 'caldicott' })
  expect(body).toMatchObject({ code: 'ROLE_NOT_TO_GIVE' })
})
