import { daysAfter } from '#kernel/instants'
import type { StaffRole } from '#kernel/actor'
import { type Answer, aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const ago = (days: number) => daysAfter(doors.now(), -days)
async function referred() {
  const { body } = await doors.tell('back-office', 'referrals', { ...aReferral, source: 'DWP-JCP', receivedAt: ago(60) })
  return `subjects/${String(body['subjectRef'])}`
}
const ask = (about: string, body: object = {}, role: StaffRole = 'back-office') => doors.tell(role, `${about}/wish-check`, body)
const decide = (about: string, decision: string, role: StaffRole = 'team-leader') =>
  doors.tell(role, `${about}/wish-check/decision`, { decision })
const called = (days: number) => ({ channel: 'PHONE', about: 'SERVICE_WISH', contactedAt: ago(days), outcome: 'NO_ANSWER' })
const tried = (about: string, days: number) => doors.tell('back-office', `${about}/contacts`, called(days))
const said = ({ status, body }: Answer) => [status, body['code']]
const eventsIn = ({ body }: Answer) => (body['events'] as readonly { readonly type: string }[]).map(({ type }) => type)
const staffRef = async (role: StaffRole) => String((await doors.read(role, 'me')).body['staffRef'])
/** What the list says of somebody, if it does. */
async function listed(about: string, filter = '') {
  await doors.shown()
  const { items } = (await doors.read('back-office', `wish-checks?limit=200${filter}`)).body as {
    readonly items: readonly Answer['body'][]
  }
  return items.find(({ subjectRef }) => about === `subjects/${String(subjectRef)}`)
}
const checkOf = async (about: string) => {
  await doors.shown()
  return (await doors.read('team-leader', `${about}/case?purpose=SERVICE_PROVISION`)).body['wishCheck']
}

describe('[C12] the list of wish checks', () => {
  test('has whose wish nobody has heard, who asks them, until when, and on which days it was tried', async () => {
    const about = await referred()
    expect(await listed(about)).toMatchObject({ state: 'TO_BEGIN', source: 'DWP-JCP', triedOn: [] })
    const owner = await staffRef('back-office')
    const requestedAt = ago(5)
    expect(eventsIn(await ask(about, { requestedAt }))).toEqual(['ServiceWishCheckRequested'])
    const due = daysAfter(requestedAt, 28)
    expect(await listed(about, `&state=ASKING&owner=${owner}`)).toMatchObject({ owner, requestedAt, due })
    expect(await listed(about, '&state=TO_BEGIN')).toBeUndefined()
    expect(await listed(about, `&dueBefore=${due}`)).toBeUndefined()
    expect(await listed(about, `&dueBefore=${daysAfter(due, 1)}`)).toBeDefined()
    expect((await tried(about, 2)).status).toBe(201)
    const triedOn = (await listed(about))?.['triedOn']
    expect(triedOn).toHaveLength(1)
    expect(await checkOf(about)).toMatchObject({ owner, due, triedOn })
  })
  test('no longer has who said it themselves', async () => {
    const about = await referred()
    await ask(about)
    await doors.tell('back-office', `${about}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })
    expect([await listed(about), await checkOf(about)]).toEqual([undefined, undefined])
    expect(said(await ask(about))).toEqual([409, 'SERVICE_WISH_KNOWN'])
  })
})

describe('[C12] who is asked', () => {
  test('[C58] is asked by ways that are safe with them: another is not planned, and a try by it counts for nothing', async () => {
    const about = await referred()
    await ask(about, { requestedAt: ago(29) })
    await doors.tell('back-office', `${about}/contact-preferences`, { refused: ['PHONE'], saidAt: ago(29) })
    const plan = { channel: 'PHONE', about: 'SERVICE_WISH', plannedFor: ago(-1) }
    expect(said(await doors.tell('back-office', `${about}/contact-plans`, plan))).toEqual([422, 'CHANNEL_OPTED_OUT'])
    expect((await doors.tell('back-office', `${about}/contact-plans`, { ...plan, channel: 'LETTER' })).status).toBe(201)
    for (const days of [20, 13, 6]) expect((await tried(about, days)).body['against']).toEqual(['CHANNEL_OPTED_OUT'])
    expect(await listed(about)).toMatchObject({ triedOn: [] })
    expect(said(await decide(about, 'ERASE'))).toEqual([422, 'WISH_CHECK_NOT_TRIED'])
  })
  test('is asked by somebody who works here, and takes referrals', async () => {
    const about = await referred()
    expect(said(await ask(about, { owner: await staffRef('dpo') }))).toEqual([409, 'OWNER_TAKES_NO_REFERRALS'])
    expect(said(await ask(about, {}, 'integration'))).toEqual([409, 'OWNER_TAKES_NO_REFERRALS'])
    expect((await ask(about, { owner: await staffRef('ips-worker') })).status).toBe(200)
  })
})

describe('[C12][C68] who was silent', () => {
  test('is erased by the decision of a team leader, after 28 days and three tries, and never by a machine', async () => {
    const about = await referred()
    await ask(about, { requestedAt: ago(27.9) })
    for (const days of [20, 13, 6]) await tried(about, days)
    expect(said(await decide(about, 'ERASE'))).toEqual([409, 'WISH_CHECK_STILL_RUNS'])
    const silent = await referred()
    await ask(silent, { requestedAt: ago(28.1) })
    for (const days of [20, 13, 6]) await tried(silent, days)
    for (const role of ['back-office', 'integration'] as const)
      expect(said(await decide(silent, 'ERASE', role))).toEqual([403, 'ROLE_NOT_PERMITTED'])
    expect(eventsIn(await decide(silent, 'ERASE'))).toEqual(['ServiceWishUnresolved', 'ErasureFenced'])
    expect(await listed(silent)).toBeUndefined()
    expect(said(await ask(silent))).toEqual([409, 'SUBJECT_ERASED'])
    expect((await doors.read('team-leader', 'referrals?limit=200&state=UNRESOLVED')).body['items']).toMatchObject([
      { subjectRef: silent.slice('subjects/'.length) },
    ])
  })
  test('or is asked for as long again', async () => {
    const about = await referred()
    await ask(about, { requestedAt: ago(28.1) })
    expect(eventsIn(await decide(about, 'ASK_AGAIN'))).toEqual(['ServiceWishUnresolved', 'ServiceWishCheckRequested'])
    expect(said(await decide(about, 'ASK_AGAIN'))).toEqual([409, 'WISH_CHECK_STILL_RUNS'])
    expect(await listed(about, `&dueBefore=${ago(-27)}`)).toBeUndefined()
    expect(await listed(about)).toMatchObject({ state: 'ASKING', triedOn: [] })
  })
})
