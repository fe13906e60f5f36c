import { randomUUID } from 'node:crypto'
import { checkTlogProof, parseTlogProof } from '#merkle/tlog-proof'
import { leafHash } from '#merkle/tree-hash'
import { TrustPolicy } from '#merkle/trust-policy'
import { parseEntry } from '#verifier/leaf-header'
import { Standalone, hourAgo, referral } from '../support/standalone.js'

/** What the person says, and what is said about them: none of it may be found anywhere once they are erased. */
export const words = {
  name: 'Zephyrine Quillfeather',
  phone: '07700 900471',
  nhs: '999 000 0018',
  address: '7 Farthing Mews',
  reason: 'dreams of a bakery',
  skills: 'sourdough whisperer',
  health: 'methadone taper',
  necessity: 'so that the bakery can meet her',
  contact: 'Aldous Wrenfield',
  witness: 'Imogen Thackwray',
  erase: 'wipe every crumb of me',
  explain: 'told on the doorstep',
}
export const personal = [...Object.values(words), '9990000018', '07700900471', 'Quillfeather', 'Zephyrine']

export let s: Standalone
beforeAll(async () => {
  s = await Standalone.start()
}, 120_000)
afterAll(async () => {
  await s.end()
})

export let subjectRef: string
export let before: string

test('[C10, C12] a person is referred; the referrer’s word for their wish stays a claim', async () => {
  const key = randomUUID()
  const body = referral(
    { name: words.name, dateOfBirth: '1991-02-03', nhsNumber: words.nhs, phone: words.phone, address: words.address },
    { reason: words.reason },
  )
  const answer = await s.post('back-office', '/referrals', body, key)
  expect(answer.status).toBe(201)
  expect(answer.headers.get('etag')).toBe(`"${String(answer.body['revision'])}"`)
  subjectRef = answer.body['subjectRef'] as string
  const again = await s.post('back-office', '/referrals', body, key)
  expect([again.status, again.body]).toEqual([201, answer.body])
  const misused = await s.post('back-office', '/referrals', { ...body, channel: 'PHONE' }, key)
  expect([misused.status, misused.body['code']]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
  const view = await s.get('ips-worker', `/subjects/${subjectRef}/case?purpose=REFERRAL_INTAKE&after=${String(answer.body['position'])}`)
  expect(view.body['referral']).toMatchObject({ wish: 'UNKNOWN', wishClaimed: 'YES', state: 'RECEIVED' })
  expect(view.body['fields']).toMatchObject({ 'ID.name': words.name, 'CON.phone': words.phone, 'ID.nhsNumber': '9990000018' })
})
test('[C10] the same person is not referred twice, unless somebody has compared the two', async () => {
  const duplicate = referral({ name: 'Somebody Else', nhsNumber: '9990000018' })
  expect((await s.post('back-office', '/referrals', duplicate)).body['code']).toBe('DUPLICATE_REFERRAL')
  expect(
    (await s.post('back-office', '/referrals', referral({ name: 'zephyrine  QUILLFEATHER', dateOfBirth: '1991-02-03' }))).body['code'],
  ).toBe('DUPLICATE_REFERRAL')
  expect((await s.post('back-office', '/referrals', { ...duplicate, confirmedNotDuplicate: true })).status).toBe(201)
})
test('two referrals of one person at the same time: one passes', async () => {
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => s.post('back-office', '/referrals', referral({ name: 'Twice Over', nhsNumber: '9990000026' }))),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409])
})
test('one idempotency key with two bodies at the same time: one of them is misuse', async () => {
  const [one, two] = await Promise.all(
    ['Ambrose Twelvetrees', 'Clementine Oddbody'].map(name =>
      s.post('back-office', '/referrals', referral({ name }), 'one-key-two-bodies'),
    ),
  )
  expect([one!.status, two!.status].sort()).toEqual([201, 422])
})
test('people are found by exact values only, and the search is logged', async () => {
  const found = await s.post('ips-worker', '/subjects/search', { nhsNumber: words.nhs, purpose: 'SERVICE_PROVISION' })
  expect((found.body['items'] as { subjectRef: string }[]).map(item => item.subjectRef)).toContain(subjectRef)
  expect(
    (await s.post('ips-worker', '/subjects/search', { name: words.name, dateOfBirth: '1991-02-03', purpose: 'SERVICE_PROVISION' })).body[
      'items'
    ],
  ).toHaveLength(1)
  expect(
    (await s.post('ips-worker', '/subjects/search', { phone: '07700900471', purpose: 'SERVICE_PROVISION' })).body['items'],
  ).toHaveLength(1)
  expect(
    (await s.post('ips-worker', '/subjects/search', { name: 'Zephyrine', dateOfBirth: '1991-02-03', purpose: 'SERVICE_PROVISION' })).body[
      'items'
    ],
  ).toEqual([])
  expect(JSON.stringify((await s.post('auditor', '/subjects/search', { nhsNumber: words.nhs, purpose: 'AUDIT' })).body)).not.toContain(
    'Zephyrine',
  )
  expect(((await s.get('auditor', '/events?type=SearchMade')).body['items'] as unknown[]).length).toBeGreaterThanOrEqual(5)
})
test('a date of birth that comes later makes a person findable by name and date of birth', async () => {
  const ref = (await s.post('back-office', '/referrals', referral({ name: 'Hortensia Pymm' }))).body['subjectRef'] as string
  const search = async () =>
    (await s.post('ips-worker', '/subjects/search', { name: 'Hortensia Pymm', dateOfBirth: '1970-05-06', purpose: 'SERVICE_PROVISION' }))
      .body['items'] as { subjectRef: string }[]
  expect(await search()).toEqual([])
  expect(
    (
      await s.post('back-office', `/subjects/${ref}/details`, {
        category: 'ID',
        items: { dateOfBirth: '1970-05-06' },
        provenance: 'PERSON',
      })
    ).status,
  ).toBe(200)
  expect((await search()).map(hit => hit.subjectRef)).toEqual([ref])
})
test('[C11, C12, C07] the wish, the evidence and the details are recorded', async () => {
  expect((await s.post('back-office', `/subjects/${subjectRef}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })).status).toBe(200)
  expect(
    (
      await s.post('back-office', `/subjects/${subjectRef}/eligibility`, {
        evidenceType: 'STARS_LETTER',
        checkedAt: hourAgo(),
        outcome: 'CONFIRMED',
      })
    ).status,
  ).toBe(200)
  expect(
    (
      await s.post('back-office', `/subjects/${subjectRef}/eligibility`, {
        evidenceType: 'STARS_LETTER',
        checkedAt: new Date(Date.now() - 30 * 86_400_000).toISOString(),
        outcome: 'CONFIRMED',
      })
    ).body['code'],
  ).toBe('NOT_IN_STARS_SERVICE')
  expect(
    (
      await s.get(
        'auditor',
        '/referrals?state=ELIGIBLE&after='
          + (await s.get('auditor', `/events?stream=person-${subjectRef}`)).text
            .match(/"position":"(\d+)"/g)!
            .at(-1)!
            .replace(/\D/g, ''),
      )
    ).text,
  ).toContain(subjectRef)
  expect(
    (
      await s.post('ips-worker', `/subjects/${subjectRef}/details`, {
        category: 'EMP',
        items: { status: 'UNEMPLOYED', skills: words.skills },
        provenance: 'PERSON',
      })
    ).status,
  ).toBe(200)
  expect(
    (
      await s.post('ips-worker', `/subjects/${subjectRef}/details`, {
        category: 'HLT',
        items: { summary: words.health },
        provenance: 'STARS',
      })
    ).status,
  ).toBe(200)
  expect(
    (await s.post('back-office', `/subjects/${subjectRef}/details`, { category: 'HLT', items: { summary: 'x' }, provenance: 'STARS' }))
      .body['code'],
  ).toBe('ROLE_NOT_PERMITTED')
  const wrong = await s.post('ips-worker', `/subjects/${subjectRef}/details`, {
    category: 'EMP',
    items: { status: words.name },
    provenance: 'PERSON',
  })
  expect([wrong.status, wrong.body['field']]).toEqual([400, 'items.status'])
  expect(wrong.text).not.toContain('Zephyrine')
})
export const toDwp = {
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  necessity: words.necessity,
  method: 'SECURE_EMAIL',
  confidentialityBasis: 'CONSENT',
  recipientContact: words.contact,
}
test('[C31] nothing is shared without consent; the check and the command agree', async () => {
  const checked = await s.post('ips-worker', `/subjects/${subjectRef}/disclosures/check`, {
    ...toDwp,
    confidentialityBasis: undefined,
    fields: ['EMP.status', 'HLT.summary'],
  })
  const refused = await s.post('ips-worker', `/subjects/${subjectRef}/disclosures`, {
    ...toDwp,
    confidentialityBasis: undefined,
    fields: ['EMP.status', 'HLT.summary'],
  })
  expect((checked.body['refusals'] as { code: string }[]).map(({ code }) => code)).toEqual([
    'CONSENT_NOT_GRANTED',
    'MINIMUM_NECESSARY_EXCEEDED',
    'CONFIDENTIALITY_BASIS_MISSING',
  ])
  expect([refused.status, refused.body['code'], refused.body['clause']]).toEqual([422, 'CONSENT_NOT_GRANTED', 'C31'])
  expect(
    (
      await s.until(
        () => s.get('auditor', '/events?type=CommandRefused'),
        ({ text }) => text.includes('CONSENT_NOT_GRANTED'),
      )
    ).status,
  ).toBe(200)
})
test('[C31] with consent it is shared at once, and the ledger says on which', async () => {
  const form = {
    formVersion: 'SCF-1',
    completedAt: hourAgo(),
    method: 'VERBAL_WITNESSED',
    witness: words.witness,
    rows: [
      { recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP', 'OUT'], decision: 'YES' },
      { recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING', categories: ['HLT'], decision: 'NO' },
      { recipient: 'CJIT', purpose: 'CJ_MONITORING', categories: ['CJ'], decision: 'UNANSWERED' },
    ],
  }
  const consent = await s.post('ips-worker', `/subjects/${subjectRef}/consent-forms`, form)
  expect((consent.body['events'] as { type: string }[]).map(({ type }) => type)).toEqual(['ConsentGranted', 'ConsentRefused'])
  const shared = await s.post('ips-worker', `/subjects/${subjectRef}/disclosures`, toDwp)
  expect([shared.status, shared.body['state'], (shared.body['events'] as { type: string }[]).map(({ type }) => type)]).toEqual([
    201,
    'QUEUED',
    ['DisclosureAuthorised', 'DataShared'],
  ])
  const ledger = await s.get('auditor', `/subjects/${subjectRef}/disclosures?after=${String(shared.body['position'])}`)
  expect(ledger.body['items']).toMatchObject([
    { recipient: 'DWP-JCP', state: 'QUEUED', basis: { art6: 'a' }, consentFormVersion: 'SCF-1', itemCount: 1, necessity: { masked: true } },
  ])
  expect((ledger.body['items'] as object[])[0]).not.toHaveProperty('sentAt')
  const sent = await s.post('ips-worker', `/subjects/${subjectRef}/disclosures/${String(shared.body['disclosureId'])}/sending`, {})
  expect([sent.status, sent.body['state'], sent.body['reviewItems']]).toEqual([200, 'SENT', []])
  const out = await s.get('auditor', `/subjects/${subjectRef}/disclosures?after=${String(sent.body['position'])}`)
  expect(out.body['items']).toMatchObject([{ state: 'SENT', transport: 'STAFF', sentAt: sent.body['sentAt'] }])
  before = String(shared.body['position'])
})
test('[C43] whoever shared gets a receipt to check with the ledger’s key; one for a recipient does not say whom it is about', async () => {
  const shared = await s.post('ips-worker', `/subjects/${subjectRef}/disclosures`, toDwp)
  const receipt = String(shared.body['receipt']).replace('/v1', '')
  const policy = TrustPolicy.parse((await s.call('GET', '/ledger/policy')).text)
  const covered = await s.until(
    () => s.get('ips-worker', receipt),
    ({ status }) => status === 200,
  )
  const proof = parseTlogProof(covered.text)
  expect(checkTlogProof(proof, leafHash(proof.extra!), policy).included).toBe(true)
  const { id } = (shared.body['events'] as { type: string; id: string }[]).find(({ type }) => type === 'DataShared')!
  expect(parseEntry(proof.extra!)).toMatchObject({ type: 'DataShared', id, stream: `person-${subjectRef}` })
  const forRecipient = parseTlogProof((await s.get('ips-worker', `${receipt}?for=RECIPIENT`)).text)
  expect(forRecipient.extra).toEqual(Buffer.from(leafHash(proof.extra!)))
  expect((await s.get('back-office', `/disclosures/${randomUUID()}/receipt`)).status).toBe(404)
})
test('the ledger is served as it was signed: tiles to everybody, entries to those who may read the history', async () => {
  const { checkpoint } = TrustPolicy.parse((await s.call('GET', '/ledger/policy')).text).open(
    (await s.call('GET', '/ledger/checkpoint')).text,
  )
  const path = (kind: string) => `/ledger/tile/${kind}/000.p/5`
  const tile = await s.call('GET', path('0'))
  expect([tile.status, tile.headers.get('cache-control'), checkpoint.size > 5]).toEqual([200, 'public, max-age=31536000, immutable', true])
  const entries = await s.call('GET', path('entries'), { token: s.token('auditor') })
  expect([entries.status, entries.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
  expect(entries.text).toContain('"type":"NoticeVersionPublished"')
  expect([
    (await s.call('GET', path('entries'))).status,
    (await s.call('GET', path('entries'), { token: s.token('back-office') })).status,
  ]).toEqual([401, 403])
  for (const none of ['/ledger/tile/0/999', '/ledger/tile/0/0', '/ledger/tile/x/000', '/ledger/tile/0/000.p/0'])
    expect([none, (await s.call('GET', none)).status]).toEqual([none, 404])
})
test('what needs an approver waits for one, who is not the one who asked', async () => {
  const toStars = {
    ...toDwp,
    recipient: 'STARS',
    purpose: 'JOINT_CARE',
    categories: ['ID'],
    fields: ['ID.name'],
    confidentialityBasis: 'IMPLIED_DIRECT_CARE',
  }
  const asked = await s.post('team-leader', `/subjects/${subjectRef}/disclosures`, toStars)
  expect([asked.status, asked.body['state']]).toEqual([201, 'REQUESTED'])
  const path = `/subjects/${subjectRef}/disclosures/${String(asked.body['disclosureId'])}/authorisation`
  expect((await s.post('team-leader', path, { decision: 'AUTHORISED' })).body['code']).toBe('SELF_APPROVAL_FORBIDDEN')
  expect((await s.post('dpo', path, { decision: 'AUTHORISED' })).body['state']).toBe('QUEUED')
  expect((await s.post('caldicott', path, { decision: 'AUTHORISED' })).body['code']).toBe('DISCLOSURE_NOT_PENDING')
})
test('[C42] RSC is disputed, a funder is no recipient, the police need a provision and a court its order', async () => {
  const codes = async (change: object) =>
    (await s.post('ips-worker', `/subjects/${subjectRef}/disclosures`, { ...toDwp, ...change })).body['code']
  expect(await codes({ recipient: 'RSC' })).toBe('RECIPIENT_DISPUTED')
  expect(await codes({ recipient: 'DHSC' })).toBe('RECIPIENT_NOT_IN_MATRIX')
  expect(
    await codes({
      recipient: 'POL-CRIME',
      purpose: 'CRIME_REPORT',
      categories: ['ID'],
      fields: ['ID.name'],
      confidentialityBasis: 'LEGAL_DUTY',
    }),
  ).toBe('LEGAL_PROVISION_MISSING')
  expect(
    await codes({
      recipient: 'COURT',
      purpose: 'COURT_ORDER',
      categories: ['ID'],
      fields: ['ID.name'],
      confidentialityBasis: 'LEGAL_DUTY',
    }),
  ).toBe('COURT_ORDER_REFERENCE_MISSING')
  expect(await codes({ recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING', categories: ['HLT'], fields: ['HLT.summary'] })).toBe(
    'CONSENT_NOT_GRANTED',
  )
})
test('[C32] a withdrawal takes effect at once', async () => {
  expect(
    (
      await s.post('back-office', `/subjects/${subjectRef}/consents/withdraw`, {
        recipient: 'DWP-JCP',
        purpose: 'EMPLOYMENT_SUPPORT',
        channel: 'SMS',
      })
    ).status,
  ).toBe(200)
  expect((await s.post('ips-worker', `/subjects/${subjectRef}/disclosures`, toDwp)).body['code']).toBe('CONSENT_WITHDRAWN')
})
test('[C37] a reader sees what role, category and purpose allow; the reading is on record first', async () => {
  const fields = async (role: Parameters<Standalone['get']>[0], purpose: string) =>
    (await s.get(role, `/subjects/${subjectRef}/case?purpose=${purpose}`)).body['fields'] as Record<string, unknown>
  expect(await fields('ips-worker', 'EMPLOYMENT_SUPPORT')).toMatchObject({ 'EMP.skills': words.skills, 'HLT.summary': { masked: true } })
  expect(await fields('back-office', 'SERVICE_PROVISION')).toMatchObject({ 'ID.name': words.name, 'HLT.summary': { masked: true } })
  expect(await fields('health-overseer', 'HEALTHCARE')).toMatchObject({ 'HLT.summary': words.health, 'EMP.skills': { masked: true } })
  expect(Object.values(await fields('auditor', 'AUDIT')).every(value => JSON.stringify(value) === '{"masked":true}')).toBe(true)
  expect((await s.get('back-office', `/subjects/${subjectRef}/case?purpose=HEALTHCARE`)).body['code']).toBe('NO_NEED_TO_KNOW')
  await s.until(
    () => s.get('auditor', '/events?type=CommandRefused'),
    ({ text }) => text.includes('NO_NEED_TO_KNOW'),
  )
  const accesses = (await s.get('auditor', '/events?type=RecordAccessed&limit=1000')).body['items'] as {
    data: { subjectRef: string; fields: string[] }
    metadata: { purpose: string }
  }[]
  expect(
    accesses
      .filter(({ data }) => data.subjectRef === subjectRef)
      .some(({ data, metadata }) => metadata.purpose === 'HEALTHCARE' && data.fields.includes('HLT.summary')),
  ).toBe(true)
})
test('the past can be asked: by position, by time of recording, by time of happening', async () => {
  const now = await s.get('ips-worker', `/subjects/${subjectRef}/case?purpose=SERVICE_PROVISION`)
  expect((now.body['consents'] as { state: string }[])[0]?.state).toBe('WITHDRAWN')
  const then = await s.get('ips-worker', `/subjects/${subjectRef}/case?purpose=SERVICE_PROVISION&asOf=${before}`)
  expect((then.body['consents'] as { state: string }[])[0]?.state).toBe('GIVEN')
  expect((await s.get('ips-worker', `/subjects/${subjectRef}/case?purpose=SERVICE_PROVISION&asOf=2020-01-01T00:00:00Z`)).status).toBe(404)
  expect(
    (await s.get('ips-worker', `/subjects/${subjectRef}/case?purpose=SERVICE_PROVISION&asOf=${String(now.body['position'])}`)).body[
      'fields'
    ],
  ).toEqual(now.body['fields'])
  expect(
    (
      await s.get(
        'ips-worker',
        `/subjects/${subjectRef}/case?purpose=SERVICE_PROVISION&effectiveAt=${new Date(Date.now() + 60_000).toISOString()}`,
      )
    ).body['fields'],
  ).toEqual(now.body['fields'])
})
