import type { StaffRole } from '#kernel/actor'
import { type Answer, aReferral, openDoors } from '../support/doors.js'

const dayMs = 86_400_000
let ahead = 0
const clock = { now: () => new Date(Date.now() + ahead).toISOString() }
const ago = (ms: number) => new Date(Date.parse(clock.now()) - ms).toISOString()

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors({ clock })
})
afterAll(() => doors.close())
afterEach(() => {
  ahead = 0
})

async function referred(more: object = {}) {
  const { body } = await doors.tell('back-office', 'referrals', { ...aReferral, source: 'STARS', receivedAt: ago(dayMs), ...more })
  return `subjects/${String(body['subjectRef'])}`
}
const yes = { outcome: 'WANTED', channel: 'PHONE' }
const no = { outcome: 'DECLINED', declinedBy: 'PERSON', channel: 'PHONE' }
const wish = (about: string, body: object, role: StaffRole = 'back-office') => doors.tell(role, `${about}/service-wish`, body)
const evidence = (about: string, outcome: 'CONFIRMED' | 'REFUSED', more: object = {}, role: StaffRole = 'back-office') =>
  doors.tell(role, `${about}/eligibility`, { evidenceType: 'STARS_LETTER', checkedAt: ago(3_600_000), outcome, ...more })
const accept = (about: string, role: StaffRole = 'team-leader') => doors.tell(role, `${about}/acceptance`, {})
const eventsIn = ({ body }: Answer) => (body['events'] as readonly { readonly type: string }[]).map(({ type }) => type)
const said = ({ status, body }: Answer) => [status, body['code']]
async function erasedOf(about: string) {
  const history = await doors.history(about.replace('subjects/', 'person-'))
  return history.some(({ type }) => type === 'ErasureFenced')
}
/** What the case view and the queue call the referral. */
async function stateOf(about: string) {
  await doors.shown()
  const { body } = await doors.read('team-leader', `${about}/case?purpose=SERVICE_PROVISION`)
  const queue = (await doors.read('team-leader', 'referrals?limit=200')).body['items'] as readonly Answer['body'][]
  const queued = queue.find(({ subjectRef }) => about === `subjects/${String(subjectRef)}`)
  return [(body['referral'] as Answer['body'])['state'], queued?.['state']]
}
const report = {
  recipient: 'POL-CRIME',
  purpose: 'CRIME_REPORT',
  categories: ['ID'],
  fields: ['ID.name'],
  necessity: 'A life is in danger.',
  method: 'PHONE',
  confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST',
  urgency: 'IMMEDIATE',
}
const request = { channel: 'PHONE', receivedAt: '2026-11-27T10:00:00Z', grounds: 'OBJECTION', words: 'Please forget me.' }

describe('[C13] a no', () => {
  test('says whose it is: nobody’s is assumed', async () => {
    const about = await referred()
    const { declinedBy: _, ...nobodys } = no
    for (const role of ['back-office', 'integration'] as const) {
      const { status, body } = await wish(about, nobodys, role)
      expect([status, body['code'], body['field']]).toEqual([400, 'INVALID_REQUEST', 'declinedBy'])
    }
    for (const declinedBy of [null, 'ME', ['PERSON']]) expect((await wish(about, { ...no, declinedBy })).body['field']).toBe('declinedBy')
    expect((await wish(about, { ...yes, declinedBy: 'PERSON' })).body['field']).toBe('declinedBy')
    expect(await erasedOf(about)).toBe(false)
  })
  test('is never a machine’s', async () => {
    const about = await referred()
    for (const declinedBy of ['PERSON', 'REFERRER', 'OTHER'])
      expect(said(await wish(about, { ...no, declinedBy }, 'integration'))).toEqual([403, 'AUTOMATED_DECISION_FORBIDDEN'])
    expect(said(await wish(about, yes, 'integration'))).toEqual([200, undefined])
    expect(await erasedOf(about)).toBe(false)
  })
  test('of the person’s own erases at the point of referral, also after a yes', async () => {
    const about = await referred()
    await wish(about, yes)
    await evidence(about, 'CONFIRMED')
    expect(eventsIn(await wish(about, no))).toEqual(['ServiceDeclined', 'ErasureFenced'])
    expect(said(await wish(about, yes))).toEqual([409, 'SUBJECT_ERASED'])
    expect(await stateOf(about)).toEqual(['DECLINED', 'DECLINED'])
  })
  test('of somebody who was accepted is a request for erasure, and the refusal says so', async () => {
    const about = await referred()
    await wish(about, yes)
    await evidence(about, 'CONFIRMED')
    await accept(about)
    const { status, body } = await wish(about, no)
    expect([status, body['code']]).toEqual([409, 'PAST_POINT_OF_REFERRAL'])
    expect(body['remedy']).toMatch(/C64.*erasure-requests/)
    expect([await erasedOf(about), await stateOf(about)]).toEqual([false, ['ACCEPTED', 'ACCEPTED']])
  })
  test('erases nobody for whom the service has begun, who asked for erasure, and about whom a report is on its way', async () => {
    const about = await referred()
    await wish(about, yes)
    await evidence(about, 'CONFIRMED')
    await doors.tell('ips-worker', `${about}/details`, { category: 'EMP', items: { status: 'UNEMPLOYED' }, provenance: 'PERSON' })
    expect((await doors.tell('ips-worker', `${about}/erasure-requests`, request)).status).toBe(201)
    expect((await doors.tell('team-leader', `${about}/disclosures`, report)).status).toBe(201)
    expect(said(await wish(about, no))).toEqual([409, 'PAST_POINT_OF_REFERRAL'])
    expect(await erasedOf(about)).toBe(false)
  })
  test('waits for a report that protects somebody: five working days, and then no longer', async () => {
    const about = await referred()
    expect((await doors.tell('team-leader', `${about}/disclosures`, report)).body['state']).not.toBeUndefined()
    expect(said(await wish(about, no))).toEqual([422, 'ERASURE_DEFERRED_SAFEGUARDING'])
    expect(said(await evidence(about, 'REFUSED'))).toEqual([422, 'ERASURE_DEFERRED_SAFEGUARDING'])
    expect(await erasedOf(about)).toBe(false)
    ahead = 12 * dayMs
    expect(eventsIn(await wish(about, no))).toEqual(expect.arrayContaining(['ServiceDeclined', 'ErasureFenced']))
  })
  test('that was said before a yes erases nothing, and tells its own time', async () => {
    const about = await referred()
    await wish(about, { ...yes, saidAt: ago(3_600_000) })
    const saidAt = ago(7_200_000)
    expect(eventsIn(await wish(about, { ...no, saidAt }))).toEqual(['ServiceDeclined'])
    const declined = (await doors.history(about.replace('subjects/', 'person-'))).find(({ type }) => type === 'ServiceDeclined')
    expect(declined?.metadata.occurredAt).toBe(saidAt)
    expect(await stateOf(about)).toEqual(['WANTED', 'WANTED'])
    expect((await wish(about, { ...no, saidAt: '1900-01-01T00:00:00Z' })).body['field']).toBe('saidAt')
  })
})

describe('[C11] evidence', () => {
  test('counts to the moment at which it is 28 days old, and never past it', async () => {
    const about = await referred()
    const good = await evidence(about, 'CONFIRMED', { checkedAt: ago(28 * dayMs - 60_000) })
    expect(good.status).toBe(200)
    const confirmed = (await doors.history(about.replace('subjects/', 'person-'))).find(({ type }) => type === 'EligibilityConfirmed')
    const { validUntil } = confirmed?.data as { readonly validUntil: string }
    expect(Date.parse(validUntil)).toBeGreaterThanOrEqual(Date.parse(String(confirmed?.meta.recordedAt)))
    expect(said(await evidence(about, 'CONFIRMED', { checkedAt: ago(28 * dayMs + 1_000) }))).toEqual([422, 'NOT_IN_STARS_SERVICE'])
  })
  test('that STARS does not know the person erases the referral, as their own no does', async () => {
    const about = await referred()
    expect(said(await evidence(about, 'REFUSED', {}, 'integration'))).toEqual([403, 'AUTOMATED_DECISION_FORBIDDEN'])
    expect(said(await evidence(about, 'REFUSED', { checkedAt: ago(29 * dayMs) }))).toEqual([422, 'NOT_IN_STARS_SERVICE'])
    expect(await erasedOf(about)).toBe(false)
    expect(eventsIn(await evidence(about, 'REFUSED'))).toEqual(['EligibilityRefused', 'ErasureFenced'])
    expect(await stateOf(about)).toEqual(['INELIGIBLE', 'INELIGIBLE'])
  })
  test('against somebody who was accepted is on record, and people end the service', async () => {
    const about = await referred()
    await wish(about, yes)
    await evidence(about, 'CONFIRMED')
    await accept(about)
    expect(eventsIn(await evidence(about, 'REFUSED'))).toEqual(['EligibilityRefused'])
    expect(await stateOf(about)).toEqual(['ACCEPTED', 'ACCEPTED'])
  })
})

describe('[C11, C12] a referral', () => {
  test('is accepted once the person wants it and receives a service of STARS, by people', async () => {
    const about = await referred()
    expect(said(await accept(about))).toEqual([422, 'SERVICE_WISH_UNCONFIRMED'])
    await wish(about, yes)
    expect(said(await accept(about))).toEqual([422, 'NOT_IN_STARS_SERVICE'])
    await evidence(about, 'CONFIRMED')
    for (const role of ['back-office', 'integration'] as const) expect(said(await accept(about, role))).toEqual([403, 'ROLE_NOT_PERMITTED'])
    expect(eventsIn(await accept(about))).toEqual(['ReferralAccepted', 'EpisodeOpened'])
    expect(eventsIn(await accept(about))).toEqual([])
  })
  test('is in one state, whichever comes first of the wish and the evidence', async () => {
    const [one, other] = [await referred(), await referred()]
    await wish(one, yes)
    await evidence(one, 'CONFIRMED')
    await evidence(other, 'CONFIRMED')
    await wish(other, yes)
    expect([await stateOf(one), await stateOf(other)]).toEqual(Array(2).fill(['ELIGIBLE', 'ELIGIBLE']))
    const [begun, alike] = [await referred(), await referred()]
    for (const about of [begun, alike])
      await doors.tell('ips-worker', `${about}/details`, { category: 'EMP', items: { status: 'EMPLOYED' }, provenance: 'PERSON' })
    await wish(begun, yes)
    await evidence(begun, 'REFUSED')
    await evidence(alike, 'REFUSED')
    await wish(alike, yes)
    expect([await stateOf(begun), await stateOf(alike)]).toEqual(Array(2).fill(['INELIGIBLE', 'INELIGIBLE']))
  })
})
