import { newId } from '#commands/ids'
import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

async function referred() {
  const { body } = await doors.tell('back-office', 'referrals', aReferral)
  return `subjects/${String(body['subjectRef'])}`
}
const share = (to: string, change: object) =>
  doors.tell('ips-worker', `${to}/disclosures`, {
    categories: ['ID'],
    fields: ['ID.name'],
    confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST',
    necessity: 'Somebody has to go there now.',
    method: 'PHONE',
    ...change,
  })
const toSocialCare = { recipient: 'STC-ASC', purpose: 'SOCIAL_CARE_SUPPORT' }
/** What stands in the clear of a person's history. */
async function clear(to: string) {
  const all: string[] = []
  for await (const { data, metadata } of doors.w.store.readStream(`person-${to.slice(9)}`)) all.push(JSON.stringify([data, metadata]))
  return all.join()
}

describe('[C26] where somebody is in danger', () => {
  test('social care is told at once, and what was missing is reviewed', async () => {
    const to = await referred()
    expect(await share(to, { ...toSocialCare, urgency: 'IMMEDIATE' })).toMatchObject({ status: 201, body: { state: 'QUEUED' } })
    await doors.shown()
    expect((await doors.read('dpo', `${to}/disclosures`)).body['items']).toMatchObject([
      { recipient: 'STC-ASC', reviewItems: ['RISK_BASIS_MISSING', 'APPROVAL_TEAM_LEADER'] },
    ])
  })
  test('what can wait is judged by the rules', async () => {
    expect(await share(await referred(), toSocialCare)).toMatchObject({ status: 422, body: { code: 'RISK_BASIS_MISSING' } })
  })
  test('the emergency services are in the matrix', async () => {
    const to = await referred()
    expect(await share(to, { recipient: 'EMERG', purpose: 'LIFE_SAVING', urgency: 'IMMEDIATE' })).toMatchObject({ status: 201 })
    await doors.shown()
    expect((await doors.read('dpo', `${to}/disclosures`)).body['items']).toMatchObject([
      { basis: { art6: 'd', art9: '9-2-c' }, notification: { decision: 'INFORM_AFTER' }, reviewItems: ['VITAL_INTERESTS'] },
    ])
  })
})

const necessity = 'Calliope Undershaft said on the telephone that she would not be there tomorrow.'
const emergency = { recipient: 'AMBULANCE', necessity }
const tell = (to: string, change: object = {}, role: Parameters<typeof doors.tell>[0] = 'back-office') =>
  doors.tell(role, `${to}/emergency-disclosures`, { ...emergency, ...change })
const entryOf = async (to: string) => {
  await doors.shown()
  return ((await doors.read('dpo', `${to}/disclosures`)).body['items'] as readonly Readonly<Record<string, unknown>>[]).at(-1)
}
const review = (to: string, id: unknown, change: object = {}, role: Parameters<typeof doors.tell>[0] = 'caldicott') =>
  doors.tell(role, `${to}/emergency-disclosures/${String(id)}/review`, { outcome: 'NECESSARY', reasons: 'A life was at stake.', ...change })

describe('[C26] what is told in an emergency', () => {
  test('is on record whoever told it, and whatever the matrix says', async () => {
    const to = await referred()
    for (const role of ['back-office', 'ips-worker', 'team-leader', 'health-overseer', 'dpo', 'caldicott'] as const)
      expect([role, (await tell(to, {}, role)).status]).toEqual([role, 201])
    const beyond = { recipient: 'OTHER', recipientContact: 'the neighbour', fields: ['SG.summary', 'CRM.calliope'], categories: ['DEM-SO'] }
    expect(await tell(to, beyond)).toMatchObject({ status: 201, body: { state: 'SENT', reviewDue: expect.any(String) as string } })
    expect(await entryOf(to)).toMatchObject({
      kind: 'EMERGENCY',
      state: 'SENT',
      recipient: 'EMERG',
      recipientName: 'OTHER',
      purpose: 'LIFE_SAVING',
      basis: { art6: 'd', art9: '9-2-c', sch1: 'para-30' },
      fields: ['SG.summary'],
      categories: ['DEM-SO', 'CRM', 'SG'],
      reviewItems: ['MINIMUM_NECESSARY_EXCEEDED', 'FIELD_NOT_HELD'],
      notification: { decision: 'INFORM_AFTER' },
      necessity: { masked: true },
      awaits: 'REVIEW',
    })
    const stored = await clear(to)
    for (const word of ['Undershaft', 'neighbour', 'calliope']) expect(stored).not.toContain(word)
  })
  test('happened when it was told', async () => {
    const to = await referred()
    const madeAt = '2026-11-28T22:10:00.000Z'
    await tell(to, { madeAt })
    expect(await entryOf(to)).toMatchObject({ sentAt: madeAt })
    expect((await doors.history(`person-${to.slice(9)}`)).at(-1)?.meta.occurredAt).toBe(madeAt)
    expect((await tell(to, { madeAt: '2099-01-01T00:00:00Z' })).status).toBeGreaterThanOrEqual(400)
  })
  test('is on record while an erasure is approved, and of somebody who is lapsed in everything else', async () => {
    const to = await referred()
    const { body } = await doors.tell('back-office', `${to}/erasure-requests`, {
      channel: 'LETTER',
      receivedAt: '2026-11-21T10:00:00Z',
      grounds: 'CONSENT_WITHDRAWN',
      words: 'I take back all of it.',
    })
    const decision = { decision: 'APPROVED', consequenceExplainedAt: '2026-11-21T11:00:00Z' }
    expect((await doors.tell('dpo', `${to}/erasure-requests/${String(body['requestId'])}/decision`, decision)).status).toBe(200)
    expect(await share(to, { ...toSocialCare, urgency: 'IMMEDIATE' })).toMatchObject({ status: 409, body: { code: 'SUBJECT_ERASED' } })
    expect((await tell(to)).status).toBe(201)
  })
  test('is refused of nobody, and for its form alone', async () => {
    expect((await tell(`subjects/${newId()}`)).status).toBe(404)
    const to = await referred()
    expect((await tell(to, { necessity: '' })).status).toBe(400)
    expect((await tell(to, {}, 'auditor')).status).toBe(403)
  })
  test('is told once, however often it is sent', async () => {
    const to = await referred()
    const key = newId()
    const send = () => doors.tell('ips-worker', `${to}/emergency-disclosures`, emergency, { key })
    const [first, second] = [await send(), await send()]
    expect([second.status, second.body['disclosureId'], second.body['reviewDue']]).toEqual([
      201,
      first.body['disclosureId'],
      first.body['reviewDue'],
    ])
    expect((await doors.history(`person-${to.slice(9)}`)).filter(({ type }) => type === 'EmergencyDisclosureMade')).toHaveLength(1)
  })
})
describe('[C26] the Caldicott Guardian reviews it', () => {
  const waiting = async (to: string, role: Parameters<typeof doors.read>[0] = 'caldicott') => {
    await doors.shown()
    const { body } = await doors.read(role, 'disclosures/awaiting?limit=200')
    return (body['items'] as readonly Readonly<Record<string, unknown>>[]).filter(item => item['subjectRef'] === to.slice(9))
  }
  test('on the words, which nobody else opens; and the ledger says what they found', async () => {
    const to = await referred()
    const { body } = await tell(to, { told: 'where she lives', recipientContact: 'the control room' })
    const id = body['disclosureId']
    expect(await waiting(to)).toMatchObject([{ disclosureId: id, awaits: 'REVIEW', reviewDue: body['reviewDue'] }])
    for (const role of ['dpo', 'team-leader'] as const) expect(await waiting(to, role)).toEqual([])
    const words = `${to}/disclosures/${String(id)}/words`
    expect(await doors.read('caldicott', words)).toMatchObject({
      status: 200,
      body: { necessity, told: 'where she lives', recipientContact: 'the control room' },
    })
    for (const role of ['dpo', 'team-leader', 'back-office'] as const) expect((await doors.read(role, words)).status).toBe(403)
    expect(await review(to, id, { outcome: 'VITAL_INTERESTS_NOT_MET' }, 'dpo')).toMatchObject({ status: 403 })
    expect(await review(to, id, { outcome: 'VITAL_INTERESTS_NOT_MET' })).toMatchObject({ status: 200 })
    expect(await review(to, id)).toMatchObject({ status: 409, body: { code: 'ALREADY_DECIDED' } })
    expect(await waiting(to)).toEqual([])
    expect(await entryOf(to)).toMatchObject({ disclosureId: id, reviewOutcome: 'VITAL_INTERESTS_NOT_MET' })
    const listed = (await doors.read('dpo', 'disclosures?kind=EMERGENCY&limit=200')).body['items'] as readonly object[]
    expect(listed).toContainEqual(expect.objectContaining({ disclosureId: id }))
  })
  test('never their own', async () => {
    const to = await referred()
    const { body } = await tell(to, {}, 'caldicott')
    expect(await waiting(to)).toEqual([])
    expect(await review(to, body['disclosureId'])).toMatchObject({ status: 403, body: { code: 'SELF_APPROVAL_FORBIDDEN' } })
    expect(
      (
        await doors.tell(
          'caldicott',
          `${to}/emergency-disclosures/${String(body['disclosureId'])}/review`,
          { outcome: 'NECESSARY', reasons: 'It had to be.' },
          { staff: 'caldicott-2' },
        )
      ).status,
    ).toBe(200)
  })
  test('and an erasure waits for it', async () => {
    const to = await referred()
    const { body } = await tell(to)
    const request = await doors.tell('back-office', `${to}/erasure-requests`, {
      channel: 'LETTER',
      receivedAt: '2026-11-21T10:00:00Z',
      grounds: 'OBJECTION',
      words: 'I do not want this.',
    })
    const decide = () =>
      doors.tell('dpo', `${to}/erasure-requests/${String(request.body['requestId'])}/decision`, {
        decision: 'APPROVED',
        consequenceExplainedAt: '2026-11-21T11:00:00Z',
      })
    expect((await decide()).body['code']).toBe('ERASURE_DEFERRED_SAFEGUARDING')
    await review(to, body['disclosureId'])
    expect((await decide()).status).toBe(200)
  })
})
