import { heldScopes } from '#domain/person/erasure/decision-in-full'
import { person } from '#domain/person/person'
import { aReferral, openDoors } from '../support/doors.js'
import { carriedOut } from '../support/people.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString()

/** Somebody of whom the referral, work and health are held. */
async function known(): Promise<string> {
  const { body } = await doors.tell('back-office', 'referrals', { ...aReferral, receivedAt: hourAgo() })
  const subjectRef = String(body['subjectRef'])
  for (const [category, items] of [
    ['EMP', { status: 'UNEMPLOYED' }],
    ['HLT', { summary: 'in recovery' }],
  ] as const)
    expect((await doors.tell('ips-worker', `subjects/${subjectRef}/details`, { category, items, provenance: 'PERSON' })).status).toBe(200)
  return subjectRef
}
async function asks(subjectRef: string, grounds = 'OBJECTION'): Promise<string> {
  const { body, status } = await doors.tell('ips-worker', `subjects/${subjectRef}/erasure-requests`, {
    channel: 'PHONE',
    receivedAt: hourAgo(),
    grounds,
    words: 'please erase me',
  })
  expect(status).toBe(201)
  return String(body['requestId'])
}
/** Agreed to, and shared with the Jobcentre; nothing sends it here. */
async function shares(subjectRef: string, asked: object = {}) {
  const rows = [{ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'YES' }]
  await doors.tell('ips-worker', `subjects/${subjectRef}/consent-forms`, {
    formVersion: 'SCF-1',
    completedAt: hourAgo(),
    method: 'VERBAL_WITNESSED',
    witness: 'Odalys Brandt',
    rows,
  })
  return doors.tell('ips-worker', `subjects/${subjectRef}/disclosures`, {
    recipient: 'DWP-JCP',
    purpose: 'EMPLOYMENT_SUPPORT',
    categories: ['EMP'],
    fields: ['EMP.status'],
    necessity: 'To arrange an interview.',
    method: 'SECURE_EMAIL',
    confidentialityBasis: 'CONSENT',
    ...asked,
  })
}
const decide = (subjectRef: string, requestId: string, decision: object) =>
  doors.tell('dpo', `subjects/${subjectRef}/erasure-requests/${requestId}/decision`, decision)
const inFull = { decision: 'APPROVED', consequenceExplainedAt: hourAgo() }
const erased = (...scopes: readonly string[]) => scopes.map(scope => ({ scope, decision: 'ERASED' }))
const kept = (...scopes: readonly string[]) => scopes.map(scope => ({ scope, decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }))
const typesOf = async (subjectRef: string) => (await doors.history(`person-${subjectRef}`)).map(({ type }) => type)

/** What the worker does with an approval. */
async function carryOut(subjectRef: string) {
  const approvals = (await doors.history(`person-${subjectRef}`)).filter(({ type }) => type === 'ErasureApproved')
  const approval = approvals.at(-1)!
  const work = {
    workId: (approval.data as { erasureId: string }).erasureId,
    stream: `person-${subjectRef}`,
    sourceEventId: approval.meta.eventId,
  }
  await carriedOut(doors.w, work)
  await doors.shown()
}

describe('[C64] a decision says what becomes of everything that is held', () => {
  test('in part, and one scope named: refused with the names of the others', async () => {
    const subjectRef = await known()
    const refused = await decide(subjectRef, await asks(subjectRef), {
      decision: 'PARTLY',
      perScope: erased('EMP'),
      reasons: 'a claim is open',
    })
    expect(refused).toMatchObject({ status: 422, body: { code: 'REFUSAL_REASONS_INCOMPLETE', field: 'perScope' } })
    expect(refused.body['errors']).toEqual([
      { field: 'perScope', rule: 'says nothing of REF (the referral), HLT (health), which is held: decide each as ERASED or RETAINED' },
    ])
  })
  test.each<[string, object]>([
    ['approved, and one scope named', { ...inFull, perScope: erased('EMP') }],
    ['approved, and a scope kept', { ...inFull, perScope: [...erased('EMP', 'REF'), ...kept('HLT')] }],
    ['approved, and a scope twice', { ...inFull, perScope: erased('EMP', 'EMP', 'REF', 'HLT') }],
    ['approved, and the evidence erased', { ...inFull, perScope: erased('EMP', 'REF', 'HLT', 'EVID') }],
    ['refused, and a scope erased', { decision: 'REFUSED', reasons: 'no', perScope: erased('EMP') }],
    ['refused without reasons', { decision: 'REFUSED' }],
    [
      'refused, and a scope kept without its exemption',
      { decision: 'REFUSED', reasons: 'no', perScope: [{ scope: 'EMP', decision: 'RETAINED' }] },
    ],
    ['in part, and nothing erased', { decision: 'PARTLY', reasons: 'no', perScope: kept('EMP', 'REF', 'HLT') }],
    [
      'in part, and only something erased that nobody holds',
      { decision: 'PARTLY', reasons: 'no', perScope: [...erased('DEM'), ...kept('EMP', 'REF', 'HLT')] },
    ],
    [
      'in part, and the evidence erased',
      { decision: 'PARTLY', reasons: 'no', perScope: [...erased('EMP', 'EVID'), ...kept('REF', 'HLT')] },
    ],
    [
      'in part, and an exemption for what is erased',
      {
        decision: 'PARTLY',
        reasons: 'no',
        perScope: [{ scope: 'EMP', decision: 'ERASED', exemption: 'ARCHIVING' }, ...kept('REF', 'HLT')],
      },
    ],
  ])('%s: refused, and nothing is erased', async (_, decision) => {
    const subjectRef = await known()
    expect(await decide(subjectRef, await asks(subjectRef), decision)).toMatchObject({
      status: 422,
      body: { code: 'REFUSAL_REASONS_INCOMPLETE' },
    })
    expect(await typesOf(subjectRef)).not.toContain('ErasureApproved')
  })
  test('in part, of all that is held, needs what a full one needs', async () => {
    const subjectRef = await known()
    const everything = { decision: 'PARTLY', reasons: 'all of it', perScope: erased('EMP', 'REF', 'HLT') }
    expect((await decide(subjectRef, await asks(subjectRef), everything)).body['code']).toBe('CONSEQUENCE_NOT_EXPLAINED')
  })
  test('Article 17(1)(g) is a ground', async () => {
    const subjectRef = await known()
    const requestId = await asks(subjectRef, 'MALICIOUS_ALLEGATION')
    await doors.shown()
    const { body } = await doors.read('dpo', 'erasure-requests?state=RECEIVED')
    expect((body['items'] as { requestId: string; grounds: string }[]).find(one => one.requestId === requestId)?.grounds).toBe(
      'MALICIOUS_ALLEGATION',
    )
  })
})

describe('what is open when somebody is erased', () => {
  const held = async (subjectRef: string) => heldScopes((await doors.w.folds.load(person, subjectRef)).state.keys)
  const statesOf = async (subjectRef: string) => {
    const { state } = await doors.w.folds.load(person, subjectRef)
    return [...state.disclosures.values()].map(disclosure => disclosure.state)
  }
  test('is cancelled in the append of the approval, and nothing more is shared or recorded', async () => {
    const subjectRef = await known()
    expect((await shares(subjectRef)).status).toBe(201)
    const approved = await decide(subjectRef, await asks(subjectRef), inFull)
    expect(approved.status).toBe(200)
    expect((approved.body['events'] as { type: string }[]).map(({ type }) => type)).toEqual([
      'ErasureApproved',
      'PendingDisclosureCancelled',
    ])
    expect(await statesOf(subjectRef)).toEqual(['CANCELLED'])
    expect((await shares(subjectRef)).body['code']).toBe('SUBJECT_ERASED')
    const late = { category: 'EMP', items: { skills: 'typing' }, provenance: 'PERSON' }
    expect((await doors.tell('ips-worker', `subjects/${subjectRef}/details`, late)).body['code']).toBe('SUBJECT_ERASED')
  })
  test('a part cancels what says something of it, and leaves the rest', async () => {
    for (const [gone, states] of [
      ['EMP', ['CANCELLED']],
      ['HLT', ['QUEUED']],
    ] as const) {
      const subjectRef = await known()
      await shares(subjectRef)
      const perScope = [...erased(gone), ...kept(...(await held(subjectRef)).filter(scope => scope !== gone))]
      expect((await decide(subjectRef, await asks(subjectRef), { decision: 'PARTLY', reasons: 'a claim is open', perScope })).status).toBe(
        200,
      )
      expect(await statesOf(subjectRef)).toEqual(states)
    }
  })
  test('what protects somebody goes first', async () => {
    const subjectRef = await known()
    const report = await shares(subjectRef, {
      recipient: 'POL-CRIME',
      purpose: 'CRIME_REPORT',
      categories: ['ID'],
      fields: ['ID.name'],
      confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST',
      urgency: 'IMMEDIATE',
    })
    expect(report).toMatchObject({ status: 201 })
    expect(await decide(subjectRef, await asks(subjectRef), inFull)).toMatchObject({
      status: 422,
      body: { code: 'ERASURE_DEFERRED_SAFEGUARDING' },
    })
    expect(await statesOf(subjectRef)).not.toContain('CANCELLED')
  })
  test('other requests are closed with their reason, and the certificate says what nobody looked at', async () => {
    const subjectRef = await known()
    const [first, other] = [await asks(subjectRef), await asks(subjectRef)]
    await decide(subjectRef, first, inFull)
    await carryOut(subjectRef)
    expect((await decide(subjectRef, other, inFull)).body['code']).toBe('ALREADY_DECIDED')
    const { body } = await doors.read('dpo', 'erasure-requests?state=CLOSED')
    expect(body['items']).toMatchObject([{ requestId: other, state: 'CLOSED', closedBecause: 'SUBJECT_ERASED' }])
    expect((await doors.read('dpo', `subjects/${subjectRef}/erasure-certificate`)).body).toMatchObject({
      paper: 'unknown',
      archive: 'unknown',
      processors: 'unknown',
    })
  })
})
