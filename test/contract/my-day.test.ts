import { londonDate } from '#calendar/statutory-periods'
import { daysAfter } from '#kernel/instants'
import type { StaffRole } from '#kernel/actor'
import { type Member, colleaguesOf, hourAgo } from '../support/colleagues.js'
import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
let colleagues: ReturnType<typeof colleaguesOf>
beforeAll(async () => {
  doors = await openDoors()
  colleagues = colleaguesOf(doors)
})
afterAll(() => doors.close())

type Item = {
  readonly kind: string
  readonly subjectRef?: string
  readonly due?: string
  readonly since?: string
  readonly daysLeft?: number
}
type Day = { readonly items: readonly Item[]; readonly more: readonly string[] }
const dayOf = async (who: StaffRole | Member) => {
  await doors.shown()
  return (typeof who === 'string' ? await doors.read(who, 'my-day') : await who.read('my-day')).body as unknown as Day
}
const kindsFor = async (who: StaffRole | Member, subjectRef: string) =>
  (await dayOf(who)).items.filter(item => item.subjectRef === subjectRef).map(({ kind }) => kind)
const about = (subjectRef: string) => `subjects/${subjectRef}`
const ago = (days: number) => daysAfter(doors.now(), -days)

describe('who takes referrals', () => {
  test('[C12][C61] has whom to ask, and who has had no notice, until both are done', async () => {
    const referral = { ...aReferral, source: 'DWP-JCP', receivedAt: ago(3) }
    const subjectRef = String((await colleagues.done('back-office', 'referrals', referral))['subjectRef'])
    expect(await kindsFor('back-office', subjectRef)).toEqual(['NOTICE', 'WISH_TO_ASK'])
    await colleagues.done('back-office', `${about(subjectRef)}/wish-check`)
    expect(await kindsFor('back-office', subjectRef)).toEqual(expect.arrayContaining(['NOTICE', 'WISH_CHECK']))
    // Whoever else takes referrals is not the one who asks.
    expect(await kindsFor('team-leader', subjectRef)).toEqual(['NOTICE'])
    await colleagues.done('back-office', `${about(subjectRef)}/notices`, {
      noticeVersion: 'DEMO-1',
      channel: 'EMAIL',
      providedAt: hourAgo(),
    })
    expect(await kindsFor('back-office', subjectRef)).toEqual(['WISH_CHECK'])
    await colleagues.done('back-office', `${about(subjectRef)}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })
    expect(await kindsFor('back-office', subjectRef)).toEqual([])
  })
  test('[C12] a check whose 28 days are over waits for a team leader', async () => {
    const referral = { ...aReferral, source: 'DWP-JCP', receivedAt: ago(60) }
    const subjectRef = String((await colleagues.done('back-office', 'referrals', referral))['subjectRef'])
    await colleagues.done('back-office', `${about(subjectRef)}/wish-check`, { requestedAt: ago(30) })
    expect(await kindsFor('team-leader', subjectRef)).toContain('WISH_TO_DECIDE')
    expect(await kindsFor('back-office', subjectRef)).toEqual(['NOTICE'])
  })
})

describe('[C37] names', () => {
  type Named = Item & { readonly name?: string }
  const asked = async (who: Member) => {
    const { status, body } = await who.read('my-day?purpose=SERVICE_PROVISION')
    return status === 200 ? (body as unknown as { items: readonly Named[] }).items : body['code']
  }
  test('are there where the reader says for what, all of them in one record of the access', async () => {
    const worker = await colleagues.member()
    const [one, other] = [await colleagues.person(worker), await colleagues.person(worker)]
    for (const subjectRef of [one, other, one])
      await colleagues.done('back-office', `${about(subjectRef)}/messages`, { channel: 'SMS', receivedAt: hourAgo(), words: 'hello' })
    expect((await dayOf(worker)).items.filter(item => 'name' in item)).toEqual([])
    const before = (await doors.w.store.head()) ?? 0n
    const items = (await asked(worker)) as readonly Named[]
    const mine = items.filter(({ kind, subjectRef }) => kind === 'MESSAGE' && [one, other].includes(String(subjectRef)))
    expect(mine.map(({ name }) => name)).toEqual([aReferral.person.name, aReferral.person.name, aReferral.person.name])
    const read = await doors.onRecord('RecordAccessed', undefined, { after: before })
    expect(read.map(({ data }) => [data['what'], data['fields']])).toEqual([['LIST', ['ID.name']]])
  })
  test('are not there for whoever’s training is over', async () => {
    const worker = await colleagues.member()
    await colleagues.done('dpo', `staff/${worker.staffRef}/training`, { course: 'DATA-PROTECTION', completedAt: ago(400) })
    expect(await asked(worker)).toBe('TRAINING_EXPIRED')
  })
})

describe('who supports people', () => {
  const writing = () => ({ channel: 'SMS', receivedAt: hourAgo(), words: 'can we move Thursday' })
  const calling = (plannedFor: string) => ({ channel: 'PHONE', about: 'PROGRESS', plannedFor })
  test('[C37] has the messages and the contacts of their own people, and of nobody else’s', async () => {
    const [worker, other] = [await colleagues.member(), await colleagues.member()]
    const subjectRef = await colleagues.person(worker)
    await colleagues.done('back-office', `${about(subjectRef)}/messages`, writing())
    const later = await worker.tell(`${about(await colleagues.person(worker))}/contact-plans`, calling(daysAfter(doors.now(), 3)))
    expect(later.status).toBe(201)
    expect(await kindsFor(worker, subjectRef)).toEqual(expect.arrayContaining(['MESSAGE']))
    expect((await dayOf(worker)).items.map(({ kind }) => kind)).not.toContain('CONTACT')
    expect(await kindsFor(other, subjectRef)).toEqual([])
  })
  test('[C60] a message waits until somebody has said what it is', async () => {
    const worker = await colleagues.member()
    const subjectRef = await colleagues.person(worker)
    const { messageId } = await colleagues.done('back-office', `${about(subjectRef)}/messages`, writing())
    expect((await dayOf(worker)).items).toContainEqual(expect.objectContaining({ kind: 'MESSAGE', id: messageId }))
    expect((await worker.tell(`${about(subjectRef)}/messages/${String(messageId)}/handling`, { as: 'NOTHING_ASKED' })).status).toBe(200)
    expect(await kindsFor(worker, subjectRef)).not.toContain('MESSAGE')
  })
  test('[C47] has their own training, before it runs out', async () => {
    const worker = await colleagues.member()
    const mine = async () => (await dayOf(worker)).items.filter(({ kind }) => kind === 'TRAINING')
    await colleagues.done('team-leader', `staff/${worker.staffRef}/training`, { course: 'DATA-PROTECTION', completedAt: ago(300) })
    expect(await mine()).toEqual([])
    await colleagues.done('team-leader', `staff/${(await colleagues.member()).staffRef}/training`, {
      course: 'DATA-PROTECTION',
      completedAt: ago(350),
    })
    expect(await mine()).toEqual([])
    const late = await colleagues.member()
    await colleagues.done('team-leader', `staff/${late.staffRef}/training`, { course: 'DATA-PROTECTION', completedAt: ago(350) })
    const [item] = (await dayOf(late)).items.filter(({ kind }) => kind === 'TRAINING')
    expect(item?.daysLeft).toBeGreaterThan(0)
    expect(item?.daysLeft).toBeLessThan(28)
  })
})

describe('who decides', () => {
  const asking = () => ({ channel: 'PHONE', receivedAt: hourAgo(), grounds: 'OBJECTION', words: 'please erase me' })
  test('[C64] has the requests that they may decide, with the days that are left, until they have', async () => {
    const subjectRef = await colleagues.person()
    const { requestId, due } = await colleagues.done('ips-worker', `${about(subjectRef)}/erasure-requests`, asking())
    const item = (await dayOf('dpo')).items.find(({ kind }) => kind === 'ERASURE_REQUEST')
    expect(item).toMatchObject({ subjectRef, id: requestId, due })
    expect(item?.daysLeft).toBe((Date.parse(String(due)) - Date.parse(londonDate(doors.now()))) / 86_400_000)
    expect(await kindsFor('ips-worker', subjectRef)).not.toContain('ERASURE_REQUEST')
    await colleagues.done('dpo', `${about(subjectRef)}/erasure-requests/${String(requestId)}/decision`, {
      decision: 'REFUSED',
      reasons: 'It is needed for a claim.',
      consequenceExplainedAt: hourAgo(),
      perScope: [{ scope: 'REF', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }],
    })
    expect(await kindsFor('dpo', subjectRef)).toEqual([])
  })
  test('[C38] but not those that concern them', async () => {
    const { staffRef } = (await doors.read('dpo', 'me')).body
    const subjectRef = await colleagues.person()
    await colleagues.done('ips-worker', `${about(subjectRef)}/erasure-requests`, { ...asking(), concernsStaff: [staffRef] })
    expect(await kindsFor('dpo', subjectRef)).toEqual([])
    expect(await kindsFor('caldicott', subjectRef)).toEqual(['ERASURE_REQUEST'])
  })
  test('[C37] has the seals that others broke', async () => {
    const subjectRef = await colleagues.person(await colleagues.member())
    await colleagues.done('ips-worker', `${about(subjectRef)}/break-glass`, { reason: 'She is not at home, and her worker is on leave.' })
    expect(await kindsFor('dpo', subjectRef)).toEqual(['BREAK_GLASS'])
  })
  test('[C50] has the breaches, the earliest clock first', async () => {
    const report = { kind: 'CONFIDENTIALITY', discoveredAt: hourAgo(), summary: 'A letter went astray.', categories: ['ID'] }
    const [first, second] = [
      await colleagues.done('ips-worker', 'breaches', report),
      await colleagues.done('ips-worker', 'breaches', report),
    ]
    await colleagues.done('breach-responder', `breaches/${String(second['breachId'])}/awareness`, { awareAt: hourAgo() })
    const found = (await dayOf('breach-responder')).items.filter(({ kind }) => kind === 'BREACH')
    expect(found.map(item => (item as { readonly id?: unknown }).id)).toEqual([second['breachId'], first['breachId']])
    expect((await dayOf('ips-worker')).items.filter(({ kind }) => kind === 'BREACH')).toEqual([])
  })
})

test('what is due comes first, the earliest at the top; then what has waited longest', async () => {
  const { items } = await dayOf('back-office')
  const due = items.flatMap(item => (item.due === undefined ? [] : [item.due]))
  expect(due.length).toBeGreaterThan(1)
  expect(due).toEqual([...due].sort())
  const rest = items.slice(due.length)
  expect(rest.every(item => item.due === undefined)).toBe(true)
  const since = rest.map(item => item.since ?? '')
  expect(since).toEqual([...since].sort())
})
test('of more than is shown it says of which kind', async () => {
  for (let n = 0; n < 26; n++) await colleagues.done('back-office', 'referrals', { ...aReferral, source: 'DWP-JCP', receivedAt: hourAgo() })
  const { items, more } = await dayOf('back-office')
  expect(items.filter(({ kind }) => kind === 'WISH_TO_ASK')).toHaveLength(25)
  expect(more).toEqual(expect.arrayContaining(['NOTICE', 'WISH_TO_ASK']))
  expect((await dayOf('auditor')).items).toEqual([])
  expect((await dayOf('integration')).items).toEqual([])
})
