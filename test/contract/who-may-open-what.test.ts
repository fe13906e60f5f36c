import { randomUUID } from 'node:crypto'
import { somebody } from '#decider/spec'
import { type GrantAccess, grantAccess } from '#domain/staff/grants/grant-access'
import { staff } from '#domain/staff/staff'
import { staffRoles } from '#kernel/actor'
import type { Id } from '#kernel/id'
import { type Member, colleaguesOf, hourAgo } from '../support/colleagues.js'
import { aReferral, openDoors } from '../support/doors.js'
import { facts } from '../support/world.js'

type Colleagues = ReturnType<typeof colleaguesOf>
/** Later than it is, where a test says so. */
let later = 0
let doors: Awaited<ReturnType<typeof openDoors>>
let member: Colleagues['member'], done: Colleagues['done'], person: Colleagues['person']
beforeAll(async () => {
  doors = await openDoors({ clock: { now: () => new Date(Date.now() + later).toISOString() } })
  ;({ member, done, person } = colleaguesOf(doors))
})
afterEach(() => {
  later = 0
})
afterAll(() => doors.close())

const hour = 3_600_000
const granting = (subjectRef: string, until = new Date(Date.now() + hour).toISOString()) => ({
  subjectRef,
  kind: 'CASELOAD',
  role: 'ips-worker',
  until,
})
const name = 'Marigold Penhaligon'

/** What the log says of this person's record and whoever came to it, once there is so much of it. */
async function onRecord(type: string, subjectRef: string, { staffRef }: Member, atLeast = 1) {
  const theirs = await doors.onRecord(type, ({ data, meta }) => data['subjectRef'] === subjectRef && meta.actor.id === staffRef, {
    atLeast,
  })
  return theirs.map(({ data }) => data)
}

test('[C37] a record is open to whoever supports the person, and to no other worker; the denial is on record', async () => {
  const [worker, other] = [await member(), await member()]
  const subjectRef = await person(worker)
  expect([await worker.opens(subjectRef), await other.opens(subjectRef)]).toEqual([name, 'NO_NEED_TO_KNOW'])
  expect(await onRecord('RecordAccessed', subjectRef, worker)).toMatchObject([{ ground: 'OWN_CASELOAD' }])
  expect(await onRecord('CommandRefused', subjectRef, other)).toMatchObject([{ command: 'Access', code: 'NO_NEED_TO_KNOW' }])
  expect(await other.opens(await person())).toBe(name)
})
test('[C37] nobody writes into the record of somebody whom they do not support; what is never refused is taken', async () => {
  const other = await member()
  const about = `subjects/${await person(await member())}`
  const details = { category: 'EMP', items: { skills: 'bees' }, provenance: 'PERSON' }
  expect(await other.tell(`${about}/details`, details)).toMatchObject({ status: 403, body: { code: 'NO_NEED_TO_KNOW' } })
  expect((await other.tell(`${about}/consents/withdraw`, { all: true, channel: 'PHONE' })).status).toBe(200)
})
test('[C37] a message is read by whoever supports the person; a search says that they are here, and no more', async () => {
  const [worker, other] = [await member(), await member()]
  const phone = `07700 ${String(Math.floor(Math.random() * 900_000) + 100_000)}`
  const referral = { ...aReferral, receivedAt: hourAgo(), person: { name, phone } }
  const subjectRef = String((await done('back-office', 'referrals', referral))['subjectRef'])
  const about = `subjects/${subjectRef}`
  await done('back-office', `${about}/service-wish`, { outcome: 'WANTED', channel: 'PHONE', saidAt: hourAgo() })
  await done('back-office', `${about}/eligibility`, { evidenceType: 'STARS_LETTER', checkedAt: hourAgo(), outcome: 'CONFIRMED' })
  await done('team-leader', `${about}/acceptance`)
  await done('team-leader', `${about}/episode/worker`, { workerId: worker.staffRef })
  const message = { channel: 'SMS', receivedAt: hourAgo(), words: 'please call me' }
  const words = `${about}/messages/${String((await done('back-office', `${about}/messages`, message))['messageId'])}/words`
  expect([(await worker.read(words)).body['words'], (await other.read(words)).body['code']]).toEqual(['please call me', 'NO_NEED_TO_KNOW'])
  await doors.shown()
  const found = async (by: Member) => (await by.tell('subjects/search', { phone, purpose: 'SERVICE_PROVISION' })).body['items']
  expect(await found(worker)).toMatchObject([{ subjectRef, fields: { 'ID.name': name } }])
  expect(await found(other)).toMatchObject([{ subjectRef, fields: { 'ID.name': { masked: true } } }])
})

/** As if it had been given so many days ago. */
async function grantedBefore(days: number, { staffRef }: Member, subjectRef: string, until: string) {
  const grantId = randomUUID() as Id<'GrantId'>
  const grant = { ...granting(subjectRef), kind: 'CASELOAD', role: 'ips-worker', staffRef, grantId, until } as GrantAccess
  const now = new Date(Date.now() - days * 24 * hour).toISOString()
  const may = { exists: true, isWithinReach: true, inConflict: false, gives: staffRoles }
  const decide = grantAccess.decide(grant, { actor: somebody, now, ...may })
  await doors.w.commands.execute({ aggregate: staff, id: staffRef, facts: facts(), decide })
  return grantId
}

describe('[C37] a grant', () => {
  test('opens a record until its time is over, and each reading names it', async () => {
    const other = await member()
    const subjectRef = await person(await member())
    const { grantId } = await done('dpo', `staff/${other.staffRef}/grants`, granting(subjectRef))
    expect(await other.opens(subjectRef)).toBe(name)
    expect(await onRecord('RecordAccessed', subjectRef, other)).toMatchObject([{ ground: 'GRANT', grantId }])
    later = 2 * hour
    expect(await other.opens(subjectRef)).toBe('NO_NEED_TO_KNOW')
  })
  test('is ended by command, and with the suspension of whoever has it; the register says by whom, and when it was used', async () => {
    const other = await member()
    const subjectRef = await person(await member())
    const grants = `staff/${other.staffRef}/grants`
    const given = await done('dpo', grants, granting(subjectRef))
    await other.opens(subjectRef)
    await done('caldicott', `${grants}/${String(given['grantId'])}/revocation`)
    expect(await other.opens(subjectRef)).toBe('NO_NEED_TO_KNOW')
    await done('dpo', grants, granting(subjectRef))
    await done('team-leader', `staff/${other.staffRef}/suspension`)
    await done('team-leader', `staff/${other.staffRef}/reinstatement`)
    expect(await other.opens(subjectRef)).toBe('NO_NEED_TO_KNOW')
    await doors.shown()
    const { body } = await doors.read('dpo', `grants?subjectRef=${subjectRef}`)
    expect(body['items']).toMatchObject([
      { grantId: given['grantId'], state: 'REVOKED', cause: 'REVOKED', usedAt: expect.any(String) as string },
      { state: 'REVOKED', cause: 'SUSPENDED' },
    ])
    expect((await other.read('grants')).body['items']).toMatchObject([{ subjectRef }, { subjectRef }])
    expect((await (await member()).read('grants')).body['items']).toEqual([])
  })
  test('that is over, or that nobody uses, stands in the list of stale ones', async () => {
    const other = await member()
    const subjectRef = await person(await member())
    const ahead = '2090-01-01T00:00:00Z'
    await done('dpo', `staff/${other.staffRef}/grants`, granting(subjectRef, ahead))
    const over = await grantedBefore(1, other, subjectRef, hourAgo())
    const unused = await grantedBefore(29, other, subjectRef, ahead)
    await grantedBefore(27, other, subjectRef, ahead)
    await doors.shown()
    const { body } = await doors.read('dpo', `grants?stale=YES&staffRef=${other.staffRef}`)
    expect((body['items'] as { grantId: string }[]).map(({ grantId }) => grantId)).toEqual([over, unused])
  })
  test('is refused for oneself, by whose role it is not, for nobody, for the past, to whoever is close to the person', async () => {
    const [other, admin, leader] = [await member(), await member('sysadmin'), await member('team-leader')]
    const worker = await member()
    const subjectRef = await person(worker)
    const asked = async (by: Member, staffRef: string, said: object = {}) =>
      (await by.tell(`staff/${staffRef}/grants`, { ...granting(subjectRef), ...said })).body['code']
    const dpo = await member('dpo')
    expect([
      await asked(dpo, dpo.staffRef),
      await asked(admin, other.staffRef),
      await asked(dpo, other.staffRef, { subjectRef: randomUUID() }),
      await asked(dpo, leader.staffRef),
      await asked(dpo, other.staffRef, { until: '2020-01-01T00:00:00Z' }),
    ]).toEqual(['SELF_APPROVAL_FORBIDDEN', 'ROLE_NOT_TO_GIVE', 'NOT_FOUND', 'ROLE_NOT_REGISTERED', 'DAYS_OUT_OF_ORDER'])
    await done('dpo', `subjects/${subjectRef}/conflicts`, { staffRef: other.staffRef })
    expect(await asked(dpo, other.staffRef)).toBe('CONFLICT_OF_INTEREST')
    expect((await dpo.tell(`staff/${other.staffRef}/grants/${randomUUID()}/revocation`, {})).body['code']).toBe('NOT_FOUND')
  })
  test('breaks the seal for a breach responder, who sees what is sealed masked without one', async () => {
    const responder = await member('breach-responder')
    const subjectRef = await person(await member())
    expect(await responder.opens(subjectRef, 'BREACH_RESPONSE')).toEqual({ masked: true })
    const ticket = { ...granting(subjectRef), kind: 'BREACH', role: 'breach-responder' }
    await done('dpo', `staff/${responder.staffRef}/grants`, ticket)
    expect(await responder.opens(subjectRef, 'BREACH_RESPONSE')).toBe(name)
  })
})

describe('[C37] a record opened in need', () => {
  const reason = 'She is not at home, and her worker is on leave.'
  test('is open for four hours, also to whose training is out of date [C47], and stands in the list of those to review', async () => {
    const other = await member()
    const subjectRef = await person(await member())
    const training = { course: 'DATA-PROTECTION', completedAt: new Date(Date.now() - 366 * 24 * hour).toISOString() }
    await done('team-leader', `staff/${other.staffRef}/training`, training)
    expect(await other.opens(subjectRef)).toBe('NO_NEED_TO_KNOW')
    const { body } = await other.tell(`subjects/${subjectRef}/break-glass`, { reason })
    expect(await other.opens(subjectRef)).toBe(name)
    expect(await onRecord('RecordAccessed', subjectRef, other)).toMatchObject([{ ground: 'BREAK_GLASS', grantId: body['grantId'] }])
    await doors.shown()
    const listed = (await doors.read('dpo', 'break-glass?state=TO_REVIEW&limit=100')).body['items']
    expect(listed).toContainEqual(expect.objectContaining({ subjectRef, staffRef: other.staffRef, grantId: body['grantId'] }))
    const words = `subjects/${subjectRef}/break-glass/${String(body['grantId'])}/words`
    expect((await doors.read('dpo', words)).body).toMatchObject({ reason })
    later = 5 * hour
    expect(await other.opens(subjectRef)).toBe('NO_NEED_TO_KNOW')
  })
  test('is looked at once, by somebody else, and is closed at once where it had not to be', async () => {
    const other = await member()
    const subjectRef = await person(await member())
    const { body } = await other.tell(`subjects/${subjectRef}/break-glass`, { reason })
    const review = `subjects/${subjectRef}/break-glass/${String(body['grantId'])}/review`
    const found = { outcome: 'NOT_JUSTIFIED', reasons: 'Her worker could have been asked.' }
    await doors.read('dpo', 'me', { staff: other.staff })
    const own = await doors.tell('dpo', review, found, { staff: other.staff })
    expect(own.body['code']).toBe('SELF_APPROVAL_FORBIDDEN')
    await done('dpo', review, found)
    expect(await other.opens(subjectRef)).toBe('NO_NEED_TO_KNOW')
    expect((await doors.tell('caldicott', review, found)).body['code']).toBe('ALREADY_DECIDED')
  })
})

test('[C47] nobody reads with training that is out of date', async () => {
  const worker = await member()
  const subjectRef = await person(worker)
  const trained = (days: number) =>
    done('team-leader', `staff/${worker.staffRef}/training`, {
      course: 'DATA-PROTECTION',
      completedAt: new Date(Date.now() - days * 24 * hour).toISOString(),
    })
  await trained(366)
  expect(await worker.opens(subjectRef)).toBe('TRAINING_EXPIRED')
  await trained(1)
  expect(await worker.opens(subjectRef)).toBe(name)
})

test('[C38] a record is closed to whoever is this person, or close to them: reading, deciding, need; until that has ended', async () => {
  const worker = await member()
  const subjectRef = await person(worker)
  const about = `subjects/${subjectRef}`
  const own = { staffRef: worker.staffRef }
  expect((await worker.tell(`${about}/conflicts`, own)).status).toBe(200)
  expect(await worker.opens(subjectRef)).toBe('CONFLICT_OF_INTEREST')
  const closed = { status: 403, body: { code: 'CONFLICT_OF_INTEREST' } }
  expect(await worker.tell(`${about}/break-glass`, { reason: 'I have to know.' })).toMatchObject(closed)
  expect(await worker.tell(`${about}/episode/end`, { endedOn: '2026-11-01', reason: 'COMPLETED' })).toMatchObject(closed)
  expect((await doors.read('dpo', `${about}/conflicts`)).body).toEqual({ staff: [worker.staffRef] })
  expect(await worker.tell(`${about}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })).toMatchObject(closed)
  expect(
    (await worker.tell(`${about}/service-wish`, { outcome: 'DECLINED', declinedBy: 'OTHER', channel: 'PHONE' })).body['code'],
  ).not.toBe('CONFLICT_OF_INTEREST')
  expect((await worker.tell(`${about}/consents/withdraw`, { all: true, channel: 'PHONE' })).status).toBe(200)
  await done('caldicott', `${about}/conflicts/end`, own)
  expect(await worker.opens(subjectRef)).toBe(name)
  expect((await doors.tell('dpo', `${about}/conflicts/end`, own)).body['code']).toBe('NOT_FOUND')
})

/** The last: from the first team on, no service is one team. */
test('[C37] a team leader reads the people of their team; while there has never been a team, everybody', async () => {
  const [leader, worker] = [await member('team-leader'), await member()]
  const subjectRef = await person(worker)
  expect(await leader.opens(subjectRef)).toBe(name)
  const { teamId } = await done('dpo', 'teams', { leader: (await member('team-leader')).staffRef })
  expect(await leader.opens(subjectRef)).toBe('NO_NEED_TO_KNOW')
  const members = `teams/${String(teamId)}/members`
  await done('dpo', members, { staffRef: leader.staffRef, part: 'LEADER' })
  expect(await leader.opens(subjectRef)).toBe('NO_NEED_TO_KNOW')
  expect((await leader.tell(members, { staffRef: worker.staffRef, part: 'WORKER' })).status).toBe(200)
  expect(await leader.opens(subjectRef)).toBe(name)
  const readings = await onRecord('RecordAccessed', subjectRef, leader, 2)
  expect(readings.map(({ ground }) => ground)).toEqual(['TEAM', 'TEAM'])
  const stranger = await person(await member())
  const { body } = await leader.tell(`staff/${(await member()).staffRef}/grants`, granting(stranger))
  expect(body['code']).toBe('NO_NEED_TO_KNOW')
  expect((await doors.read('dpo', 'teams')).body).toContainEqual(expect.objectContaining({ teamId, workers: [worker.staffRef] }))
  await done('dpo', `teams/${String(teamId)}/end`)
  expect(await leader.opens(subjectRef)).toBe('NO_NEED_TO_KNOW')
})
