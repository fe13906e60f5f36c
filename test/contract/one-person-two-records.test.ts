import { carryOutLinks, linksBegunBy } from '#processes/linked-records'
import { Policies } from '#commands/policies-in-force'
import { londonDate } from '#calendar/statutory-periods'
import type { StaffRole } from '#kernel/actor'
import { type Answer, aReferral, openDoors } from '../support/doors.js'
import { type Member, colleaguesOf, hourAgo } from '../support/colleagues.js'

let doors: Awaited<ReturnType<typeof openDoors>>
let colleagues: ReturnType<typeof colleaguesOf>
beforeAll(async () => {
  doors = await openDoors()
  colleagues = colleaguesOf(doors)
})
afterAll(() => doors.close())

const said = ({ status, body }: Answer) => [status, body['code']]
const typesIn = ({ body }: Answer) => (body['events'] as readonly { readonly type: string }[]).map(({ type }) => type)
const about = (subjectRef: string) => `subjects/${subjectRef}`
const begun = new Set<string>()
/** What the worker does with each event of a record, once. */
async function followed(subjectRef: string) {
  const { w } = doors
  const parts = { ...w, policies: new Policies(w.folds), clock: { now: () => doors.now() } }
  for (const event of await doors.history(`person-${subjectRef}`)) {
    const work = begun.has(event.meta.eventId) ? undefined : linksBegunBy(event)
    begun.add(event.meta.eventId)
    if (work) await carryOutLinks(work, parts)
  }
}
const typesOf = async (subjectRef: string) => (await doors.history(`person-${subjectRef}`)).map(({ type }) => type)
const link = (subjectRef: string, samePersonAs: string, role: StaffRole = 'back-office') =>
  doors.tell(role, `${about(subjectRef)}/links`, { samePersonAs })
const tellApart = (subjectRef: string, other: string) => doors.tell('back-office', `${about(subjectRef)}/links/end`, { other })

const numbers = ['4010232137', '4505577104', '6541003238', '7999999997'] as const
const refer = (nhsNumber: string, more: object = {}, role: StaffRole = 'back-office') =>
  doors.tell(role, 'referrals', { ...aReferral, receivedAt: hourAgo(), person: { name: 'Marigold Penhaligon', nhsNumber }, ...more })
const refOf = ({ body }: Answer) => String(body['subjectRef'])
async function takenOn(subjectRef: string, worker?: Pick<Member, 'staffRef'>) {
  const evidence = { evidenceType: 'STARS_LETTER', checkedAt: hourAgo(), outcome: 'CONFIRMED' }
  await colleagues.done('back-office', `${about(subjectRef)}/service-wish`, { outcome: 'WANTED', channel: 'PHONE', saidAt: hourAgo() })
  await colleagues.done('back-office', `${about(subjectRef)}/eligibility`, evidence)
  await colleagues.done('team-leader', `${about(subjectRef)}/acceptance`)
  if (worker) await colleagues.done('team-leader', `${about(subjectRef)}/episode/worker`, { workerId: worker.staffRef })
}
/** Somebody who used the service once, and does no more. */
async function left(nhsNumber: string, worker?: Pick<Member, 'staffRef'>) {
  const subjectRef = refOf(await refer(nhsNumber))
  await takenOn(subjectRef, worker)
  await colleagues.done('team-leader', `${about(subjectRef)}/episode/end`, { endedOn: londonDate(doors.now()), reason: 'COMPLETED' })
  return subjectRef
}
async function toCompare(role: StaffRole = 'back-office') {
  await doors.shown()
  const { items } = (await doors.read(role, 'duplicates?limit=200')).body as { readonly items: readonly Answer['body'][] }
  return new Map(items.map(({ subjectRef, possibly }) => [subjectRef, possibly]))
}

describe('[C10] whoever comes back', () => {
  test('is taken on anew, is to be compared with their older record, and no longer once somebody has', async () => {
    const before = await left(numbers[0])
    const back = await refer(numbers[0])
    expect(typesIn(back)).toEqual(['ReferralReceived', 'PossibleDuplicateFound'])
    expect((await toCompare()).get(refOf(back))).toEqual([before])
    expect(typesIn(await link(refOf(back), before))).toEqual(['RecordsLinked'])
    expect((await toCompare()).has(refOf(back))).toBe(false)
    await followed(refOf(back))
    expect(await typesOf(before)).toContain('RecordsLinked')
    const { items } = (await doors.tell('team-leader', 'subjects/search', { nhsNumber: numbers[0], purpose: 'SERVICE_PROVISION' })).body
    const found = items as readonly Answer['body'][]
    expect(Object.fromEntries(found.map(({ subjectRef, otherRecords }) => [subjectRef, otherRecords]))).toEqual({
      [before]: [refOf(back)],
      [refOf(back)]: [before],
    })
  })
  test('is found with all their records by what stands in one of them', async () => {
    const [one, other] = [refOf(await refer(numbers[1])), await colleagues.person()]
    await link(one, other)
    await doors.shown()
    const { items } = (await doors.tell('team-leader', 'subjects/search', { nhsNumber: numbers[1], purpose: 'SERVICE_PROVISION' })).body
    expect((items as readonly Answer['body'][]).map(({ subjectRef }) => subjectRef)).toEqual([one, other])
  })
  test('is linked at once where whoever receives the referral says so, and not by a machine', async () => {
    const before = await left(numbers[2])
    expect(said(await refer(numbers[2], { samePersonAs: before }, 'integration'))).toEqual([400, 'INVALID_REQUEST'])
    expect(typesIn(await refer(numbers[2], { samePersonAs: before }))).toEqual(['ReferralReceived', 'RecordsLinked'])
  })
  test('[C52] and what is held of them is kept while they use the service, and until the years after are over', async () => {
    const before = await left(numbers[3])
    const back = refOf(await refer(numbers[3], { samePersonAs: before }))
    await followed(back)
    expect((await typesOf(before)).at(-1)).toBe('RecordsLinked')
    await takenOn(back)
    await followed(back)
    expect((await typesOf(before)).at(-1)).toBe('RetentionCancelled')
    await colleagues.done('team-leader', `${about(back)}/episode/end`, { endedOn: londonDate(doors.now()), reason: 'COMPLETED' })
    await followed(back)
    expect((await typesOf(before)).at(-1)).toBe('RetentionScheduled')
    const length = (await doors.history(`person-${before}`)).length
    await followed(back)
    expect(await doors.history(`person-${before}`)).toHaveLength(length)
  })
})

describe('[C37] whose record is open to somebody', () => {
  test('has the person’s other records open to them, until the two are told apart', async () => {
    const worker = await colleagues.member()
    const [mine, other] = [await colleagues.person(worker), await colleagues.person(await colleagues.member())]
    expect(await worker.opens(other)).toBe('NO_NEED_TO_KNOW')
    await link(mine, other)
    await followed(mine)
    expect(await worker.opens(other)).toBe('Marigold Penhaligon')
    expect((await worker.read(`${about(other)}/case?purpose=SERVICE_PROVISION`)).body['otherRecords']).toEqual([mine])
    await tellApart(mine, other)
    await followed(mine)
    expect(await worker.opens(other)).toBe('NO_NEED_TO_KNOW')
  })
  test('nobody opens a record to themselves by calling it that of somebody of theirs', async () => {
    const leader = await colleagues.member('team-leader')
    const worker = await colleagues.member()
    const { teamId } = await colleagues.done('dpo', 'teams', { leader: leader.staffRef })
    await colleagues.done('dpo', `teams/${String(teamId)}/members`, { staffRef: worker.staffRef, part: 'WORKER' })
    const [mine, other] = [await colleagues.person(worker), await colleagues.person(await colleagues.member())]
    expect(said(await leader.tell(`${about(mine)}/links`, { samePersonAs: other }))).toEqual([403, 'NO_NEED_TO_KNOW'])
    expect((await link(mine, other)).status).toBe(200)
  })
  test('[C38] whoever is shut out of one record is shut out of all, until it ends', async () => {
    const worker = await colleagues.member()
    const [mine, other] = [await colleagues.person(worker), await colleagues.person()]
    await link(mine, other)
    await colleagues.done('dpo', `${about(other)}/conflicts`, { staffRef: worker.staffRef })
    expect(await worker.opens(mine)).toBe('Marigold Penhaligon')
    await followed(mine)
    await followed(other)
    expect([await worker.opens(mine), await worker.opens(other)]).toEqual(['CONFLICT_OF_INTEREST', 'CONFLICT_OF_INTEREST'])
    await colleagues.done('dpo', `${about(mine)}/conflicts/end`, { staffRef: worker.staffRef })
    await followed(mine)
    expect([await worker.opens(mine), await worker.opens(other)]).toEqual(['Marigold Penhaligon', 'Marigold Penhaligon'])
  })
})

test('[C64] a request for erasure is on every record of the person, each to be decided', async () => {
  const [one, other] = [await colleagues.person(), await colleagues.person()]
  await link(one, other)
  await followed(one)
  await followed(other)
  const asked = { channel: 'PHONE', receivedAt: hourAgo(), grounds: 'OBJECTION', words: 'please erase me' }
  await colleagues.done('ips-worker', `${about(other)}/erasure-requests`, asked)
  await followed(other)
  const requests = async (subjectRef: string) => (await typesOf(subjectRef)).filter(type => type === 'ErasureRequested').length
  expect([await requests(one), await requests(other)]).toEqual([1, 1])
  await followed(one)
  expect([await requests(one), await requests(other)]).toEqual([1, 1])
})
test('[C10] a record is not linked with itself, or with one of nobody', async () => {
  const one = await colleagues.person()
  expect(said(await link(one, one))).toEqual([409, 'OTHER_RECORD_NOT_FOUND'])
  expect(said(await link(one, '00000000-0000-4000-8000-000000000999'))).toEqual([409, 'OTHER_RECORD_NOT_FOUND'])
  expect(said(await tellApart(one, await colleagues.person()))).toEqual([409, 'OTHER_RECORD_NOT_FOUND'])
  expect(said(await link(one, await colleagues.person(), 'ips-worker'))).toEqual([403, 'ROLE_NOT_PERMITTED'])
})
