import { randomUUID } from 'node:crypto'
import { assignWorker } from '#domain/person/episode/assign-worker'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { openDoors } from '../support/doors.js'
import { goodRequests } from '../support/good-requests.js'
import { handingOver } from '../support/handing-over.js'
import { facts } from '../support/world.js'

let doors: Awaited<ReturnType<typeof openDoors>>
let handedOver: ReturnType<typeof handingOver>
beforeAll(async () => {
  doors = await openDoors()
  handedOver = handingOver(doors.w)
})
afterAll(() => doors.close())

/** Somebody who works here, and how they ask. */
async function member(role: StaffRole = 'ips-worker') {
  const staff = `somebody-${randomUUID()}`
  const read = (url: string, as = role) => doors.read(as, url, { staff })
  const { staffRef } = (await read('me')).body
  return { staffRef: String(staffRef), staff, read, about: `staff/${String(staffRef)}` }
}
const tell = async (url: string, body: object = {}, role: StaffRole = 'team-leader') => {
  const { status, body: answer } = await doors.tell(role, url, body)
  return { status, ...answer } as { readonly status: number } & Readonly<Record<string, unknown>>
}
const ok = { status: 200 }
const stranger = { status: 403, body: { code: 'STAFF_NOT_REGISTERED' } }
const register = async (staffRef: string) => {
  await doors.shown()
  const { body } = await doors.read('dpo', 'staff?limit=100')
  return (body['items'] as readonly Readonly<Record<string, unknown>>[]).find(one => one['staffRef'] === staffRef)
}

describe('[C37] whoever has left', () => {
  test('comes to no door any more, whatever their token says; the denial is on record', async () => {
    const { staffRef, staff, about } = await member()
    expect(await tell(`${about}/leaving`)).toMatchObject(ok)
    type Operation = { readonly 'x-roles'?: readonly StaffRole[] }
    const { paths } = (await doors.api.inject({ method: 'GET', url: '/openapi.json' })).json<{
      paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
    }>()
    const theirs = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, says]) => (says['x-roles']?.includes('ips-worker') ? [{ method, path }] : [])),
    )
    expect(theirs.length).toBeGreaterThan(30)
    for (const { method, path } of theirs) {
      const url = path.replace('/v1/', '').replace(/\{[^}]+\}/g, () => randomUUID())
      const answer = await (method === 'get' ? doors.read('ips-worker', url, { staff }) : doors.tell('ips-worker', url, {}, { staff }))
      expect([path, answer.status, answer.body['code']]).toEqual([path, 403, 'STAFF_NOT_REGISTERED'])
    }
    expect(await strangers(staffRef, theirs.length)).toHaveLength(theirs.length)
    expect(await register(staffRef)).toMatchObject({ state: 'LEFT', roles: [] })
  })
  test('comes back by being registered again, in that role only', async () => {
    const { about, read, staff, staffRef } = await member()
    await doors.read('auditor', 'me', { staff })
    expect(await tell(`${about}/leaving`, {}, 'dpo')).toMatchObject(ok)
    expect(await tell('staff', { subject: staff, role: 'ips-worker' })).toMatchObject({ status: 201, staffRef })
    expect([(await read('me')).status, await read('me', 'auditor')]).toEqual([200, expect.objectContaining({ status: 403 })])
  })
  test('is neither suspended nor reinstated', async () => {
    const { about } = await member()
    await tell(`${about}/leaving`)
    expect(await tell(`${about}/suspension`)).toMatchObject({ status: 409, code: 'STAFF_LEFT' })
    expect(await tell(`${about}/reinstatement`)).toMatchObject({ status: 409, code: 'STAFF_LEFT' })
  })
})
/** The denials of somebody that the log holds, once there are so many. */
async function strangers(staffRef: string, atLeast: number) {
  for (;;) {
    const found = []
    for await (const { type, data, meta } of events()) {
      if (type !== 'CommandRefused' || meta.actor.id !== staffRef) continue
      found.push((data as { readonly code: string }).code)
    }
    if (found.length >= atLeast) return found.filter(code => code === 'STAFF_NOT_REGISTERED')
    await new Promise(setImmediate)
  }
}
async function* events() {
  for await (const stored of doors.w.store.readAll()) yield doors.w.codec.decode(stored)
}

test('[C37] whoever is suspended comes to no door until they are reinstated', async () => {
  const { about, read, staffRef } = await member()
  expect(await tell(`${about}/suspension`)).toMatchObject(ok)
  expect(await read('caseload/mine')).toMatchObject(stranger)
  expect(await register(staffRef)).toMatchObject({ state: 'SUSPENDED', roles: ['ips-worker'] })
  expect(await tell(`${about}/reinstatement`)).toMatchObject(ok)
  expect((await read('caseload/mine')).status).toBe(200)
})
test('[C37] whoever loses one of their roles keeps the others', async () => {
  const { about, read } = await member()
  expect((await read('me', 'auditor')).status).toBe(200)
  expect(await tell(`${about}/roles/withdrawal`, { role: 'auditor' }, 'dpo')).toMatchObject(ok)
  expect(await read('me', 'auditor')).toMatchObject(stranger)
  expect((await read('me')).status).toBe(200)
})
test('[C38] nobody decides over themselves, or over whom their role does not give', async () => {
  const leader = await member('team-leader')
  const { body } = await doors.tell('team-leader', `${leader.about}/suspension`, {}, { staff: leader.staff })
  expect(body).toMatchObject({ code: 'SELF_APPROVAL_FORBIDDEN' })
  for (const [what, more] of Object.entries({ suspension: {}, leaving: {}, 'roles/withdrawal': { role: 'team-leader' } }))
    expect([what, await tell(`${leader.about}/${what}`, more)]).toEqual([what, expect.objectContaining({ code: 'ROLE_NOT_TO_GIVE' })])
  expect(await tell(`staff/${randomUUID()}/leaving`)).toMatchObject({ status: 404 })
  for (const role of staffRoles.filter(one => !['team-leader', 'dpo', 'caldicott', 'sysadmin'].includes(one)))
    expect([role, (await tell(`${leader.about}/leaving`, {}, role)).code]).toEqual([role, 'ROLE_NOT_PERMITTED'])
})

describe('[C37] the people whom somebody supported', () => {
  /** Somebody who uses the service, and is supported by this worker. */
  async function supported(workerId: string) {
    const { url = '', body = {} } = (await goodRequests(doors)['/v1/subjects/{subjectRef}/episode/worker']?.()) ?? {}
    expect(await tell(url, { ...body, workerId })).toMatchObject(ok)
    await handedOver()
    return String(url.split('/')[1])
  }
  const worker = async (subjectRef: string) =>
    (await doors.read('team-leader', `subjects/${subjectRef}/case?purpose=SERVICE_PROVISION`)).body['episode'] as { worker?: string }
  const unsupported = async () =>
    ((await doors.read('team-leader', 'caseload?state=OPEN&supported=NO&limit=100')).body['items'] as { subjectRef: string }[]).map(
      one => one.subjectRef,
    )

  test('go to whoever takes over, who works here as an IPS worker', async () => {
    const [one, other] = [await member(), await member()]
    const people = [await supported(one.staffRef), await supported(one.staffRef)]
    for (const handOverTo of [randomUUID(), one.staffRef, (await member('auditor')).staffRef])
      expect(await tell(`${one.about}/leaving`, { handOverTo })).toMatchObject({ code: 'WORKER_NOT_REGISTERED', field: 'handOverTo' })
    expect(await tell(`${one.about}/leaving`, { handOverTo: other.staffRef })).toMatchObject(ok)
    await handedOver()
    for (const subjectRef of people) expect(await worker(subjectRef)).toMatchObject({ worker: other.staffRef })
    const { body } = await other.read('caseload/mine')
    expect((body['items'] as { subjectRef: string }[]).map(({ subjectRef }) => subjectRef).sort()).toEqual(people.sort())
  })
  test('have no worker where nobody takes over, and the caseload says so', async () => {
    const one = await member()
    const subjectRef = await supported(one.staffRef)
    await doors.shown()
    expect(await unsupported()).not.toContain(subjectRef)
    await tell(`${one.about}/roles/withdrawal`, { role: 'ips-worker' })
    await handedOver()
    expect(await worker(subjectRef)).not.toHaveProperty('worker')
    expect(await unsupported()).toContain(subjectRef)
  })
  test('have no worker where whoever took over has left as well, or they come back to one who left', async () => {
    const [one, other] = [await member(), await member()]
    const subjectRef = await supported(one.staffRef)
    const returning = await supported(other.staffRef)
    await tell(`subjects/${returning}/episode/end`, { endedOn: new Date().toISOString().slice(0, 10), reason: 'COMPLETED' })
    await tell(`${one.about}/leaving`, { handOverTo: other.staffRef })
    await tell(`${other.about}/leaving`)
    await handedOver()
    expect(await unsupported()).toContain(subjectRef)
    expect(await unsupported()).not.toContain(returning)
    expect(await tell(`subjects/${returning}/episode/reopening`)).toMatchObject(ok)
    await handedOver()
    expect(await unsupported()).toContain(returning)
  })
  test('have no worker where whoever was to take over was suspended meanwhile', async () => {
    const [one, other] = [await member(), await member()]
    const subjectRef = await supported(one.staffRef)
    await tell(`${one.about}/leaving`, { handOverTo: other.staffRef })
    await tell(`${other.about}/suspension`)
    await handedOver()
    expect(await unsupported()).toContain(subjectRef)
  })
  test('are handed over, too, where they got their worker at the moment at which this one left', async () => {
    const one = await member()
    const subjectRef = await supported((await member()).staffRef)
    await tell(`${one.about}/leaving`)
    await handedOver()
    const { aggregate } = assignWorker
    const decide = assignWorker.decide({ subjectRef: subjectRef as SubjectRef, workerId: one.staffRef as StaffRef }, { isIpsWorker: true })
    await doors.w.commands.execute({ aggregate, id: subjectRef, facts: facts(), decide })
    await handedOver()
    expect(await unsupported()).toContain(subjectRef)
  })
  test('are not given to anybody who is gone or suspended', async () => {
    const one = await member()
    const subjectRef = await supported((await member()).staffRef)
    await tell(`${one.about}/suspension`)
    const assigning = { workerId: one.staffRef }
    expect(await tell(`subjects/${subjectRef}/episode/worker`, assigning)).toMatchObject({ code: 'WORKER_NOT_REGISTERED' })
    await tell(`${one.about}/reinstatement`)
    expect(await tell(`subjects/${subjectRef}/episode/worker`, assigning)).toMatchObject(ok)
  })
})
test('[C48] the appointment of whoever has left ends; a deputy acts on', async () => {
  const [guardian, deputy] = [await member('caldicott'), await member('caldicott')]
  const asked = async () => (await guardian.read('audits')).status
  expect([await asked(), (await deputy.read('audits')).status]).toEqual([200, 200])
  expect(await tell(`${guardian.about}/leaving`, {}, 'dpo')).toMatchObject(ok)
  expect(await asked()).toBe(403)
  await handedOver()
  const ended = (await doors.history('organisation-main')).filter(({ type }) => type === 'RoleEnded')
  expect(ended.map(({ data }) => data)).toEqual([expect.objectContaining({ staffRef: guardian.staffRef, role: 'caldicott' })])
  expect((await deputy.read('audits')).status).toBe(200)
})
