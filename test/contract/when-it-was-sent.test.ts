import { openDoors } from '../support/doors.js'
import { agreed, ledgerOf, shared, sign, toDwp } from '../support/sharing.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const send = (to: string, disclosureId: string, body: object = {}) =>
  doors.tell('ips-worker', `${to}/disclosures/${disclosureId}/sending`, body)
const withdraw = (to: string, withdrawnAt?: string) =>
  doors.tell('back-office', `${to}/consents/withdraw`, { all: true, channel: 'PHONE', ...(withdrawnAt ? { withdrawnAt } : {}) })
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
const caseOf = async (to: string) => {
  await doors.shown()
  return (await doors.read('ips-worker', `${to}/case?purpose=SERVICE_PROVISION`)).body['disclosures']
}
/** In an hour of its own: what is shared now was sent now, however fast this machine is. */
const soon = () => new Promise(resolve => setTimeout(resolve, 20))

describe('[C24] what was recorded has not left', () => {
  test('it waits, and nothing sends it by itself', async () => {
    const to = await agreed(doors)
    await shared(doors, to)
    const [one] = await ledgerOf(doors, to)
    expect(one).toMatchObject({ state: 'QUEUED' })
    for (const field of ['sentAt', 'sentBy', 'transport']) expect(one).not.toHaveProperty(field)
    expect(await caseOf(to)).toMatchObject([{ state: 'QUEUED' }])
  })
  test('whoever sends it says so, with its own time and way', async () => {
    const to = await agreed(doors)
    const disclosureId = await shared(doors, to)
    await soon()
    const answer = await send(to, disclosureId, { method: 'PHONE' })
    const { sentAt } = answer.body as { readonly sentAt: string }
    expect(answer).toMatchObject({
      status: 200,
      body: { disclosureId, state: 'SENT', reviewItems: [], events: [{ type: 'DisclosureDispatched' }] },
    })
    const [one] = await ledgerOf(doors, to)
    expect(one).toMatchObject({ state: 'SENT', transport: 'STAFF', method: 'PHONE', sentAt })
    expect(Date.parse(sentAt)).toBeGreaterThan(Date.parse(String(one?.['requestedAt'])))
    expect(one?.['sentBy']).toBe(one?.['requestedBy'])
    expect(await caseOf(to)).toMatchObject([{ state: 'SENT', at: sentAt }])
    expect(await send(to, disclosureId)).toMatchObject({ status: 409, body: { code: 'DISCLOSURE_NOT_PENDING' } })
  })
  test('not later than now, and not before it was authorised', async () => {
    const to = await agreed(doors)
    const disclosureId = await shared(doors, to)
    for (const sentAt of [ago(-3_600_000), ago(-60_000), ago(60_000), '2026-11-22T10:00:00Z'])
      expect(await send(to, disclosureId, { sentAt })).toMatchObject({ status: 400, body: { errors: [{ field: 'sentAt' }] } })
    expect(await send(to, disclosureId, { sentAt: new Date().toISOString() })).toMatchObject({ status: 200 })
  })
  test('of nobody, and by nobody who may not share', async () => {
    const to = await agreed(doors)
    expect(await send(to, '00000000-0000-4000-8000-000000000000')).toMatchObject({ status: 404 })
    expect((await doors.tell('auditor', `${to}/disclosures/${await shared(doors, to)}/sending`, {})).status).toBe(403)
  })
  test('what waits for its approval is not sent; once approved it waits to be sent', async () => {
    const to = await agreed(doors)
    const name = { category: 'ID', items: { name: 'Marigold Penhaligon' }, provenance: 'PERSON' }
    await doors.tell('ips-worker', `${to}/details`, name)
    const toStars = {
      ...toDwp,
      recipient: 'STARS',
      purpose: 'JOINT_CARE',
      categories: ['ID'],
      fields: ['ID.name'],
      confidentialityBasis: 'IMPLIED_DIRECT_CARE',
    }
    const { body } = await doors.tell('team-leader', `${to}/disclosures`, toStars)
    const disclosureId = String(body['disclosureId'])
    expect(await send(to, disclosureId)).toMatchObject({ status: 409, body: { code: 'DISCLOSURE_NOT_PENDING' } })
    expect(await doors.tell('dpo', `${to}/disclosures/${disclosureId}/authorisation`, { decision: 'AUTHORISED' })).toMatchObject({
      body: { state: 'QUEUED' },
    })
    expect(await send(to, disclosureId)).toMatchObject({ status: 200 })
  })
})

describe('[C32] a consent that ends before it is sent', () => {
  test('cancels what waits in the same append, and nobody sends it', async () => {
    const to = await agreed(doors)
    const disclosureId = await shared(doors, to)
    const { body } = await withdraw(to)
    expect((body['events'] as { type: string }[]).map(({ type }) => type)).toContain('PendingDisclosureCancelled')
    expect(await send(to, disclosureId)).toMatchObject({ status: 422, body: { code: 'CONSENT_WITHDRAWN' } })
    expect(await ledgerOf(doors, to)).toMatchObject([{ state: 'CANCELLED', cancelledRules: ['CONSENT_WITHDRAWN'] }])
  })
  test('does not undo what was done: sent before the withdrawal, it was lawful; after it, it is for review', async () => {
    const to = await agreed(doors)
    const [before, after] = [await shared(doors, to), await shared(doors, to)]
    await soon()
    const sentBefore = new Date().toISOString()
    await soon()
    await withdraw(to)
    await soon()
    const found = await send(to, before, { sentAt: sentBefore })
    expect(found).toMatchObject({ status: 200, body: { reviewItems: [], events: [{ type: 'DisclosureFoundSent' }] } })
    expect(await send(to, after, { sentAt: new Date().toISOString() })).toMatchObject({ body: { reviewItems: ['CONSENT_WITHDRAWN'] } })
    expect(
      new Map((await ledgerOf(doors, to)).map(one => [one['disclosureId'], [one['state'], one['reviewItems'], one['sentAt']]])),
    ).toEqual(
      new Map([
        [before, ['SENT', [], sentBefore]],
        [after, ['SENT', ['CONSENT_WITHDRAWN'], expect.any(String)]],
      ]),
    )
  })
})

describe('[C32] what was said before a sending that is on record flags it', () => {
  /** Sent a moment ago, and the moment before it went. */
  async function sent() {
    const to = await agreed(doors)
    const disclosureId = await shared(doors, to)
    await soon()
    const before = new Date().toISOString()
    await soon()
    expect((await send(to, disclosureId)).status).toBe(200)
    return { to, before }
  }
  const flags = async (to: string) => (await ledgerOf(doors, to)).map(one => [one['state'], one['reviewItems']])
  test('a withdrawal that came before it and was typed in after it', async () => {
    const { to, before } = await sent()
    const { body } = await withdraw(to, before)
    expect((body['events'] as { type: string }[]).map(({ type }) => type)).toContain('SentDisclosureFlagged')
    expect(await flags(to)).toEqual([['SENT', ['CONSENT_WITHDRAWN']]])
  })
  test('a form with a no, or with less', async () => {
    for (const [change, item] of [
      [{ decision: 'NO' }, 'CONSENT_NOT_GRANTED'],
      [{ categories: ['OUT'] }, 'CONSENT_SCOPE_EXCEEDED'],
    ] as const) {
      const { to, before } = await sent()
      expect((await sign(doors, to, change, before)).status).toBe(201)
      expect(await flags(to)).toEqual([['SENT', [item]]])
    }
  })
  test('not one that came after it', async () => {
    const { to } = await sent()
    await withdraw(to)
    expect(await flags(to)).toEqual([['SENT', []]])
  })
})
