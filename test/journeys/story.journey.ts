import { createHash, randomUUID } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseCheckpointText } from '#merkle/checkpoint'
import { parseNote } from '#merkle/note'
import { checkTlogProof, parseTlogProof } from '#merkle/tlog-proof'
import { leafHash } from '#merkle/tree-hash'
import { tilePath } from '#merkle/tile'
import { TrustPolicy } from '#merkle/trust-policy'
import { parseEntry } from '#verifier/leaf-header'
import { changed, verified } from '../support/ledger.js'
import { Standalone, hourAgo, referral } from '../support/standalone.js'

/** Referral → consent → share → erase → breach → replay, as a newcomer would drive it. */
const words = {
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
const personal = [...Object.values(words), '9990000018', '07700900471', 'Quillfeather', 'Zephyrine']

let s: Standalone
beforeAll(async () => {
  s = await Standalone.start()
}, 120_000)
afterAll(async () => {
  await s.end()
})

let subjectRef: string
let before: string

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
const toDwp = {
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
    'SENT',
    ['DisclosureAuthorised', 'DataShared'],
  ])
  const ledger = await s.get('auditor', `/subjects/${subjectRef}/disclosures?after=${String(shared.body['position'])}`)
  expect(ledger.body['items']).toMatchObject([
    { recipient: 'DWP-JCP', state: 'SENT', basis: { art6: 'a' }, consentFormVersion: 'SCF-1', itemCount: 1, necessity: { masked: true } },
  ])
  const out = await s.until(
    () => s.get('auditor', `/subjects/${subjectRef}/disclosures`),
    ({ text }) => text.includes('dispatchedAt'),
  )
  expect(out.body['items']).toMatchObject([{ transport: 'STAFF' }])
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
  expect((await s.post('dpo', path, { decision: 'AUTHORISED' })).body['state']).toBe('SENT')
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
let requestId: string
test('[C64] an erasure request is due in one month; only the DPO or the Caldicott Guardian decides it', async () => {
  const me = (await s.get('caldicott', '/me')).body['staffRef'] as string
  const asked = await s.post('ips-worker', `/subjects/${subjectRef}/erasure-requests`, {
    channel: 'EMAIL',
    receivedAt: '2026-11-23T12:00:00Z',
    grounds: 'CONSENT_WITHDRAWN',
    words: words.erase,
    concernsStaff: [me],
  })
  expect([asked.status, asked.body['due']]).toEqual([201, '2026-12-23'])
  requestId = asked.body['requestId'] as string
  const decide = `/subjects/${subjectRef}/erasure-requests/${requestId}/decision`
  expect((await s.post('team-leader', decide, { decision: 'APPROVED' })).body['code']).toBe('ROLE_NOT_PERMITTED')
  expect((await s.post('dpo', decide, { decision: 'APPROVED' })).body['code']).toBe('CONSEQUENCE_NOT_EXPLAINED')
  expect((await s.post('caldicott', decide, { decision: 'APPROVED', consequenceExplainedAt: hourAgo() })).body['code']).toBe(
    'CONFLICT_OF_INTEREST',
  )
  expect((await s.get('dpo', `/subjects/${subjectRef}/erasure-certificate`)).status).toBe(404)
  expect((await s.post('dpo', decide, { decision: 'APPROVED', consequenceExplainedAt: hourAgo(), reasons: words.explain })).status).toBe(
    200,
  )
})
test('the erasure is carried out, verified and certified', async () => {
  const certificate = await s.until(
    () => s.get('auditor', `/subjects/${subjectRef}/erasure-certificate`),
    ({ status }) => status === 200,
  )
  expect(certificate.body).toMatchObject({
    extent: 'ALL',
    requestId,
    notices: 'outstanding',
    verification: { keysFound: 0, indexRowsFound: 0, sealedValuesFound: 0, ciphertextsOpened: 0 },
  })
  expect((certificate.body['verification'] as { ciphertextsTried: number }).ciphertextsTried).toBeGreaterThan(5)
  const keys = (await s.get('dpo', `/subjects/${subjectRef}/keys`)).body['items'] as {
    scope: string
    state: string
    certificate?: string
  }[]
  expect(
    keys
      .filter(({ scope }) => scope !== 'EVID')
      .every(({ state, certificate: id }) => state === 'DESTROYED' && id === certificate.body['certificateId']),
  ).toBe(true)
  expect(keys.find(({ scope }) => scope === 'EVID')?.state).toBe('ACTIVE')
  expect((await s.get('dpo', '/erasure-requests?state=COMPLETED')).text).toContain(requestId)
})
test('erased values are said to be erased, now and in the past; commands are refused; a request is still received', async () => {
  for (const asOf of ['', `&asOf=${before}`]) {
    const view = await s.get('ips-worker', `/subjects/${subjectRef}/case?purpose=SERVICE_PROVISION${asOf}`)
    expect([view.status, new Set(Object.values(view.body['fields'] as object).map(value => JSON.stringify(value)))]).toEqual([
      200,
      new Set(
        asOf === ''
          ? ['{"erased":true}']
          : ['{"erased":true}', '{"masked":true}'].filter(text => JSON.stringify(view.body['fields']).includes(text)),
      ),
    ])
    expect(JSON.stringify(view.body['fields'])).toContain('{"erased":true}')
  }
  expect((await s.get('auditor', `/subjects/${subjectRef}/disclosures`)).text).toContain('"necessity":{"erased":true}')
  expect([
    (
      await s.post('ips-worker', `/subjects/${subjectRef}/details`, {
        category: 'EMP',
        items: { status: 'EMPLOYED' },
        provenance: 'PERSON',
      })
    ).body['code'],
  ]).toEqual(['SUBJECT_ERASED'])
  expect((await s.post('ips-worker', `/subjects/${subjectRef}/disclosures`, toDwp)).body['code']).toBe('SUBJECT_ERASED')
  expect(
    (
      await s.post('ips-worker', `/subjects/${subjectRef}/erasure-requests`, {
        channel: 'EMAIL',
        receivedAt: hourAgo(),
        grounds: 'UNLAWFUL',
        words: 'are you sure',
      })
    ).status,
  ).toBe(201)
})
test('none of the person’s words is in any byte under the data folder, in any event, or in what was logged', async () => {
  expect(s.filesWith(personal)).toEqual([])
  for (const word of personal) expect(s.said).not.toContain(word)
  for (let after = '0'; ;) {
    const page = await s.get('auditor', `/events?after=${after}&limit=1000`)
    for (const word of personal) expect(page.text).not.toContain(word)
    if (page.body['next'] === undefined) break
    after = page.body['next'] as string
  }
})
test('a person who was erased can be referred again, as somebody new', async () => {
  const found = (
    await s.post('ips-worker', '/subjects/search', { name: words.name, dateOfBirth: '1991-02-03', purpose: 'SERVICE_PROVISION' })
  ).body['items']
  expect(found).toEqual([])
  const again = await s.post('back-office', '/referrals', referral({ name: words.name, dateOfBirth: '1991-02-03' }, { source: 'SELF' }))
  expect([again.status, again.body['subjectRef'] === subjectRef]).toEqual([201, false])
})
test('[C13] a person’s own no at the point of referral erases by itself, and leaves a tombstone', async () => {
  const person = { name: 'Ottoline Brackenbury', nhsNumber: '9990000050' }
  const ref = (await s.post('back-office', '/referrals', referral(person))).body['subjectRef'] as string
  const no = await s.post('back-office', `/subjects/${ref}/service-wish`, {
    outcome: 'DECLINED',
    channel: 'PHONE',
    note: 'Ottoline said no',
  })
  expect((no.body['events'] as { type: string }[]).map(({ type }) => type)).toContain('ServiceDeclined')
  await s.until(
    () => s.get('auditor', `/events?stream=person-${ref}`),
    ({ text }) => text.includes('ReferralErased'),
  )
  const view = await s.get('back-office', `/subjects/${ref}/case?purpose=REFERRAL_INTAKE`)
  expect([view.status, view.body['erased'], view.body['fields']]).toEqual([
    200,
    true,
    { 'ID.name': { erased: true }, 'ID.nhsNumber': { erased: true } },
  ])
  expect((await s.post('back-office', `/subjects/${ref}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })).body['code']).toBe(
    'SUBJECT_ERASED',
  )
  expect(s.filesWith(['Ottoline'])).toEqual([])
  expect((await s.post('back-office', '/referrals', referral(person))).status).toBe(201)
})
test('[C13] a referrer’s no does not erase', async () => {
  const ref = (await s.post('back-office', '/referrals', referral({ name: 'Leopold Ashgrove' }))).body['subjectRef'] as string
  await s.post('back-office', `/subjects/${ref}/service-wish`, { outcome: 'DECLINED', declinedBy: 'REFERRER', channel: 'EMAIL' })
  const view = await s.get('back-office', `/subjects/${ref}/case?purpose=REFERRAL_INTAKE`)
  expect([view.body['erased'], (view.body['fields'] as Record<string, unknown>)['ID.name']]).toEqual([false, 'Leopold Ashgrove'])
})
test('[C64] an erasure in part leaves the rest', async () => {
  const ref = (await s.post('back-office', '/referrals', referral({ name: 'Cosima Farrow' }))).body['subjectRef'] as string
  await s.post('ips-worker', `/subjects/${ref}/details`, { category: 'HLT', items: { summary: 'a claim is open' }, provenance: 'PERSON' })
  await s.post('ips-worker', `/subjects/${ref}/details`, { category: 'EMP', items: { skills: 'typing' }, provenance: 'PERSON' })
  const id = (
    await s.post('ips-worker', `/subjects/${ref}/erasure-requests`, {
      channel: 'PHONE',
      receivedAt: hourAgo(),
      grounds: 'OBJECTION',
      words: 'only my work',
    })
  ).body['requestId'] as string
  const decision = {
    decision: 'PARTLY',
    perScope: [
      { scope: 'EMP', decision: 'ERASED' },
      { scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' },
    ],
    reasons: 'a claim is open',
  }
  expect((await s.post('dpo', `/subjects/${ref}/erasure-requests/${id}/decision`, decision)).status).toBe(200)
  await s.until(
    () => s.get('dpo', `/subjects/${ref}/erasure-certificate`),
    ({ status }) => status === 200,
  )
  const view = await s.get('ips-worker', `/subjects/${ref}/case?purpose=SERVICE_PROVISION`)
  expect([view.body['erased'], view.body['fields']]).toEqual([
    false,
    { 'ID.name': 'Cosima Farrow', 'HLT.summary': 'a claim is open', 'EMP.skills': { erased: true } },
  ])
})
test('[C49, C50] a breach has its own clock and its own key: it outlives the people in it', async () => {
  const reported = await s.post('breach-responder', '/breaches', {
    kind: 'CONFIDENTIALITY',
    discoveredAt: '2026-10-23T08:00:00Z',
    awareAt: '2026-10-23T09:15:00+01:00',
    summary: 'A letter about a client went astray.',
    affected: [subjectRef],
    categories: ['ID', 'HLT'],
    approxPeople: 1,
  })
  expect([reported.status, reported.body['regulatorDue']]).toEqual([201, { target: '2026-10-26T08:15:00Z', limit: '2026-10-26T09:00:00Z' }])
  const path = `/breaches/${String(reported.body['breachId'])}`
  expect((await s.get('dpo', path)).body['summary']).toBe('A letter about a client went astray.')
  expect((await s.get('auditor', path)).body['summary']).toEqual({ masked: true })
  expect((await s.get('back-office', path)).status).toBe(403)
  expect((await s.get('dpo', `/breaches?state=REPORTED&after=${String(reported.body['position'])}`)).text).toContain(
    String(reported.body['breachId']),
  )
  const suspected = await s.post('back-office', '/breaches', {
    kind: 'AVAILABILITY',
    discoveredAt: hourAgo(),
    summary: 'A disk is gone.',
    categories: [],
  })
  expect([suspected.status, suspected.body['regulatorDue']]).toEqual([201, undefined])
})
test('an auditor replays one person’s history: as JSON, as lines, in words', async () => {
  const json = await s.get('auditor', `/events?stream=person-${subjectRef}&limit=1000`)
  const types = (json.body['items'] as { type: string }[]).map(({ type }) => type)
  for (const type of [
    'ReferralReceived',
    'ConsentGranted',
    'DataShared',
    'ErasureRequested',
    'ErasureFenced',
    'SubjectKeyDestroyed',
    'ErasureCompleted',
  ])
    expect(types).toContain(type)
  const lines = await s.get('auditor', `/events?stream=person-${subjectRef}&limit=3`, { accept: 'application/x-ndjson' })
  expect(
    lines.text
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { revision: string }).revision),
  ).toEqual(['0', '1', '2'])
  const told = s.cli('replay', '--subject', subjectRef)
  expect([
    told.status,
    told.stdout.includes('A referral came from DWP-JCP'),
    told.stdout.includes('The erasure was completed and verified'),
  ]).toEqual([0, true, true])
  expect(s.cli('replay', '--subject', subjectRef, '--as-of', before).stdout).not.toContain('erased')
  expect(s.cli('replay', '--subject', randomUUID()).status).toBe(1)
  expect(s.cli('replay').status).toBe(2)
})
test('the command line says the same from the databases and the running service, in words; as JSON an object for each line', () => {
  for (const args of [
    ['replay', '--subject', subjectRef],
    ['keys', 'list', '--subject', subjectRef],
    ['disclosures', 'list', '--subject', subjectRef],
  ]) {
    const [fromDatabases, fromService] = [s.cli(...args), s.cliAs('auditor', ...args)]
    expect([fromDatabases.status, fromService.status, fromService.stderr]).toEqual([0, 0, ''])
    expect(fromService.stdout).toBe(fromDatabases.stdout)
    const lines = s
      .cli(...args, '--json')
      .stdout.trim()
      .split('\n')
      .map(line => JSON.parse(line) as object)
    expect(lines).toHaveLength(fromDatabases.stdout.trim().split('\n').length)
  }
  const [ready, parts] = [s.cliAs('auditor', 'health'), s.cli('health', '--json')]
  expect([
    ready.status,
    parts.status,
    ready.stdout.includes('case-view'),
    parts.stdout.includes('{"part":"event store","ready":true}'),
  ]).toEqual([0, 0, true, true])
})
test('the command line prints personal data only when a reading that is on record asks for it', async () => {
  const { body } = await s.post('back-office', '/referrals', referral({ name: 'Quillon Farthingale' }))
  const show = ['case', 'show', '--subject', String(body['subjectRef']), '--purpose', 'SERVICE_PROVISION']
  const unasked = s.cliAs('ips-worker', ...show)
  expect([unasked.status, unasked.stdout]).toEqual([2, ''])
  expect(s.cli(...show, '--open').status).toBe(2)
  const before = (await s.get('auditor', '/events?type=RecordAccessed&limit=1000')).body['items'] as object[]
  const opened = s.cliAs('ips-worker', ...show, '--open')
  expect([opened.status, opened.stdout.includes('Quillon Farthingale')]).toEqual([0, true])
  expect((await s.get('auditor', '/events?type=RecordAccessed&limit=1000')).body['items']).toHaveLength(before.length + 1)
  const refused = s.cliAs('sysadmin', ...show, '--open')
  expect([refused.status, refused.stdout, refused.stderr.includes('ROLE_NOT_PERMITTED')]).toEqual([3, '', true])
})
test('a dry run says what would be destroyed, and changes nothing', async () => {
  const { body } = await s.post('back-office', '/referrals', referral({ name: 'Isolde Merriweather' }))
  const of = String(body['subjectRef'])
  await s.post('ips-worker', `/subjects/${of}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })
  await s.post('ips-worker', `/subjects/${of}/details`, { category: 'EMP', items: { status: 'UNEMPLOYED' }, provenance: 'PERSON' })
  const state = () => [
    s.cli('keys', 'reconcile').stdout,
    s.cli('replay', '--subject', of).stdout,
    s.cli('keys', 'rotate', '--dry-run', '--json').stdout,
  ]
  const before = state()
  for (const args of [['keys', 'rotate'], ['keys', 'replace', '--subject', of, '--scope', 'EMP'], ['recover']]) {
    const { status, stdout } = s.cli(...args, '--dry-run')
    expect([args, status, stdout.startsWith('It would ')]).toEqual([args, 0, true])
  }
  expect(state()).toEqual(before)
})
test('[C37] an auditor reads under an open audit, within its scope; every read is on record', async () => {
  const token = s.token('auditor', 'auditor-2')
  const read = (path: string, audit?: string) => s.call('GET', path, { token, headers: audit === undefined ? {} : { 'audit-id': audit } })
  const auditor = String((await read('/v1/me')).body['staffRef'])
  const [demo] = JSON.parse((await read('/v1/audits')).text) as { auditId: string; reference: string }[]
  expect(demo?.reference).toBe('DEMO')
  expect((await read(`/v1/subjects/${subjectRef}/keys`)).status).toBe(200)
  expect((await s.post('dpo', `/audits/${demo!.auditId}/closing`, { reason: 'WITHDRAWN' })).status).toBe(200)
  for (const path of [
    '/v1/events',
    `/v1/subjects/${subjectRef}/keys`,
    '/v1/disclosures',
    `/v1/audits/${demo!.auditId}`,
    '/ledger/tile/entries/000.p/1',
  ]) {
    expect([path, (await read(path)).body['code'], (await read(path, demo!.auditId)).body['code']]).toEqual([
      path,
      'AUDIT_REQUIRED',
      'AUDIT_REQUIRED',
    ])
  }
  const other = String((await s.post('back-office', '/referrals', referral({ name: 'Lettice Marchbanks' }))).body['subjectRef'])
  const body = {
    auditors: [auditor],
    scope: 'SUBJECTS',
    subjects: [subjectRef],
    from: '2020-01-01T00:00:00Z',
    to: new Date(Date.now() + 86_400_000).toISOString(),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    reference: 'AUDIT-7',
  }
  expect((await s.post('dpo', '/audits', { ...body, subjects: [] })).body['code']).toBe('AUDIT_PERIOD_INVALID')
  expect((await s.post('dpo', '/audits', { ...body, auditors: [(await s.get('dpo', '/me')).body['staffRef']] })).body['code']).toBe(
    'SELF_APPROVAL_FORBIDDEN',
  )
  const { auditId } = (await s.post('dpo', '/audits', body)).body
  expect((await read(`/v1/events?stream=person-${subjectRef}&limit=2`)).body['items']).toHaveLength(2)
  expect((await read(`/v1/subjects/${subjectRef}/keys`, String(auditId))).status).toBe(200)
  for (const path of [
    '/v1/events',
    `/v1/events?stream=person-${other}`,
    `/v1/subjects/${other}/keys`,
    '/v1/disclosures',
    '/ledger/tile/entries/000.p/1',
  ])
    expect([path, (await read(path)).body['code']]).toEqual([path, 'AUDIT_SCOPE_EXCEEDED'])
  const idOf = async (ref: string) =>
    ((await s.get('dpo', `/events?stream=person-${ref}&limit=1`)).body['items'] as { id: string }[])[0]!.id
  expect([
    (await read(`/ledger/proofs/${await idOf(subjectRef)}`)).status,
    (await read(`/ledger/proofs/${await idOf(other)}`)).body['code'],
  ]).toEqual([200, 'AUDIT_SCOPE_EXCEEDED'])
  expect((await s.post('dpo', '/audits', { ...body, from: '2020-01-01T00:00:00Z', to: '2021-01-01T00:00:00Z' })).status).toBe(201)
  expect((await read(`/v1/events?stream=person-${subjectRef}`)).body['code']).toBe('AUDIT_REQUIRED')
  const both = JSON.parse((await read('/v1/audits')).text) as { auditId: string; to: string; state: string }[]
  expect(both.map(({ state }) => state)).toEqual(['CLOSED', 'OPEN', 'OPEN'])
  expect((await read(`/v1/events?stream=person-${subjectRef}`, both[2]!.auditId)).body['items']).toEqual([])
  const reads = ((await s.get('dpo', '/events?type=HistoryRead&limit=1000')).body['items'] as { data: Record<string, unknown> }[])
    .map(({ data }) => data)
    .filter(data => data['auditId'] === auditId)
  expect(reads.map(({ accessId: _, auditId: _of, at: _at, ...what }) => what)).toEqual([
    { stream: `person-${subjectRef}`, from: '0', events: 2 },
    { door: 'KeyRegister.of', subjectRef },
    { door: 'AuditLedger.proof', subjectRef },
  ])
})
test('a sample’s seed came after what it is drawn from was signed; anybody draws the same; findings are raised and closed', async () => {
  const [demo] = JSON.parse((await s.get('auditor', '/audits')).text) as { auditId: string }[]
  const path = `/audits/${demo!.auditId}`
  const fixed = await s.post('auditor', `${path}/samples`, { size: 50, type: 'DataShared' })
  const size = Number(fixed.body['checkpointSize'])
  expect([fixed.status, size > 0]).toEqual([201, true])
  const seed = 'c0ffee00'.repeat(8)
  const drawing = `${path}/samples/${String(fixed.body['sampleId'])}/seed`
  const drawn = await s.post('auditor', drawing, { seed })
  expect((await s.post('auditor', drawing, { seed: 'f'.repeat(64) })).body['code']).toBe('ALREADY_DECIDED')
  const leaves = drawn.body['leaves'] as readonly number[]
  const headers = await entriesBelow(size)
  const shared = headers.flatMap(({ type }, index) => (type === 'DataShared' ? [index] : []))
  const rank = (index: number) => {
    const eight = Buffer.alloc(8)
    eight.writeBigUInt64BE(BigInt(index))
    return createHash('sha256').update(Buffer.from(seed, 'hex')).update(eight).digest('hex')
  }
  expect([drawn.body['population'], leaves]).toEqual([shared.length, shared.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))])
  const sheet = await s.get('auditor', `${path}/samples/${String(fixed.body['sampleId'])}/items/${Math.min(...leaves)}`)
  expect(sheet.body).toMatchObject({
    header: { type: 'DataShared' },
    rule: { command: 'ShareData', noticeVersion: expect.any(String) as string },
    stored: { data: { recipient: 'DWP-JCP' } },
  })
  for (const proof of [sheet.body['proof'], (sheet.body['evidence'] as { proof: string }[])[0]?.proof])
    expect(
      checkTlogProof(
        parseTlogProof(String(proof)),
        leafHash(parseTlogProof(String(proof)).extra!),
        TrustPolicy.parse((await s.call('GET', '/ledger/policy')).text),
      ).included,
    ).toBe(true)
  expect((await s.get('auditor', `${path}/samples/${String(fixed.body['sampleId'])}/items/0`)).status).toBe(404)

  const found = await s.post('auditor', `${path}/findings`, {
    kind: 'MINOR',
    clause: 'C31',
    leaves,
    words: 'Zephyrine is named in the subject line',
  })
  expect([found.status, found.text.includes('Zephyrine')]).toEqual([201, false])
  const finding = `${path}/findings/${String(found.body['findingId'])}`
  expect((await s.post('auditor', `${finding}/answer`, { answer: 'ACCEPTED', words: 'x' })).status).toBe(403)
  expect((await s.post('dpo', `${finding}/answer`, { answer: 'REMEDIED', words: 'the template was changed' })).status).toBe(200)
  expect((await s.post('auditor', `${finding}/closing`, { outcome: 'RESOLVED' })).status).toBe(200)
  expect((await s.post('dpo', `${finding}/answer`, { answer: 'DISPUTED', words: 'x' })).body['code']).toBe('ALREADY_DECIDED')
  expect((await s.get('auditor', path)).body['findings']).toEqual([
    {
      findingId: found.body['findingId'],
      kind: 'MINOR',
      clause: 'C31',
      leaves,
      state: 'CLOSED',
      words: 'Zephyrine is named in the subject line',
      answer: 'REMEDIED',
      answerWords: 'the template was changed',
      outcome: 'RESOLVED',
    },
  ])
  expect((await s.get('dpo', `/events?stream=audit-${demo!.auditId}`)).text).not.toContain('Zephyrine')
})

test('an auditor takes away one signed pack, and checks a sample, an old checkpoint and two bundles without the service', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-taken-'))
  const at = (name: string) => join(folder, name)
  try {
    const [audit] = JSON.parse((await s.get('auditor', '/audits')).text) as { auditId: string }[]
    const {
      samples: [sample],
    } = (await s.get('auditor', `/audits/${audit!.auditId}`)).body as unknown as {
      samples: [{ seed: string; checkpointSize: number; leaves: number[] }]
    }
    writeFileSync(at('policy'), (await s.call('GET', '/ledger/policy')).text)
    writeFileSync(at('old'), (await s.call('GET', '/ledger/checkpoint')).text)
    expect(s.cli('ledger', 'export', '--all', '--approval', 'DPO-1', '--reference', 'A-1', '--out', at('one.zip')).status).toBe(0)
    expect(s.cli('audit', 'pack', '--audit', audit!.auditId, '--out', at('pack')).status).toBe(0)
    const words = ['Zephyrine', 'template was changed']
    for (const file of readdirSync(at('pack'), { recursive: true, encoding: 'utf8' }))
      if (statSync(join(at('pack'), file)).isFile())
        for (const word of words) expect([file, readFileSync(join(at('pack'), file), 'utf8').includes(word)]).toEqual([file, false])
    expect(readdirSync(at('pack/data/audit/sheets')).sort()).toEqual(sample.leaves.map(leaf => `${leaf}.json`).sort())
    expect(await verified(at('pack'), readFileSync(at('policy'), 'utf8'))).toMatchObject({ verdict: 'VERIFIED' })
    // The one file that an auditor takes away, in a folder where there is nothing else.
    cpSync(join(process.cwd(), 'dist/verify.mjs'), at('verify.mjs'))
    for (const bundle of ['one.zip', 'pack']) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [at('verify.mjs'), at(bundle), '--policy', at('policy'), '--old', at('old')],
        { cwd: folder, encoding: 'utf8', env: {} },
      )
      expect([bundle, status, stdout.trim().split('\n').at(-1), stderr]).toEqual([bundle, 0, 'VERIFIED', ''])
    }
    const forged = changed(at('pack'), pack => {
      writeFileSync(join(pack, 'data/audit/audit.json'), '{}')
    })
    expect((await verified(forged, readFileSync(at('policy'), 'utf8'))).findings).toMatchObject([
      { check: 'manifest', result: 'failed', what: 'The manifest is not the one that was signed' },
    ])
    expect(s.cli('audit', 'pack', '--audit', randomUUID(), '--out', at('none')).status).toBe(1)

    const drawn = s.cli(
      'ledger',
      'sample',
      '--bundle',
      at('one.zip'),
      '--seed',
      sample.seed,
      '--size',
      '50',
      '--below',
      String(sample.checkpointSize),
      '--type',
      'DataShared',
      '--json',
    )
    expect((JSON.parse(drawn.stdout) as { leaves: number[] }).leaves).toEqual(sample.leaves)
    expect(s.cli('ledger', 'consistency', '--old', at('old')).status).toBe(0)
    const { size } = parseCheckpointText(parseNote(readFileSync(at('old'), 'utf8')).text)
    writeFileSync(at('forged'), readFileSync(at('old'), 'utf8').replace(`\n${size}\n`, `\n${size - 1}\n`))
    expect(s.cli('ledger', 'consistency', '--old', at('forged')).status).toBe(1)
    expect(s.cli('ledger', 'export', '--all', '--approval', 'DPO-1', '--reference', 'A-2', '--out', at('two')).status).toBe(0)
    expect([
      s.cli('ledger', 'diff', '--bundle', at('one.zip'), '--with', at('two')).status,
      s.cli('ledger', 'diff', '--bundle', at('two'), '--with', at('one.zip')).status,
    ]).toEqual([0, 1])
    const disclosures = readFileSync(at('two/data/fhir-auditevents.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { type: { code: string }; agent: { who: { identifier: { value: string } } }[] })
    expect(disclosures.filter(({ type }) => type.code === '110106').map(({ agent }) => agent[1]?.who.identifier.value)).toContain('DWP-JCP')
    expect(s.cli('ledger', 'anchor', 'status').stdout).toContain('no witness')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 120_000)

/** The headers of all leaves below a size, as the tiles give them to an auditor. */
async function entriesBelow(size: number): Promise<readonly { readonly type: string }[]> {
  const entries: { readonly type: string }[] = []
  for (let tile = 0; tile * 256 < size; tile++) {
    const width = Math.min(256, size - tile * 256)
    const answer = await fetch(`http://127.0.0.1:${s.port}/ledger/${tilePath({ level: 'entries', index: tile, width })}`, {
      headers: { authorization: `Bearer ${s.token('auditor')}` },
    })
    let bytes = Buffer.from(await answer.arrayBuffer())
    for (; bytes.length > 0; bytes = bytes.subarray(2 + bytes.readUInt16BE(0)))
      entries.push(parseEntry(bytes.subarray(2, 2 + bytes.readUInt16BE(0))))
  }
  return entries
}
test('lists are paged, with a cursor that repeats and misses nothing', async () => {
  const all = (await s.get('auditor', '/referrals?limit=200')).body['items'] as { subjectRef: string }[]
  const seen: string[] = []
  for (let cursor = ''; ;) {
    const { body } = await s.get('auditor', `/referrals?limit=2${cursor}`)
    seen.push(...(body['items'] as { subjectRef: string }[]).map(item => item.subjectRef))
    if (body['next'] === undefined) break
    cursor = `&cursor=${body['next'] as string}`
  }
  expect(seen).toEqual(all.map(item => item.subjectRef))
  expect((await s.get('auditor', '/referrals?state=ERASED&source=DWP-JCP')).body['items']).toHaveLength(2)
})
test('If-Match is honoured', async () => {
  const { body } = await s.post('back-office', '/referrals', referral({ name: 'Barnaby Oakshott' }))
  const path = `/subjects/${String(body['subjectRef'])}/service-wish`
  const stale = await s.post('back-office', path, { outcome: 'WANTED', channel: 'PHONE' }, randomUUID(), { 'if-match': '"0"' })
  expect([stale.status, stale.body['code']]).toEqual([409, 'VERSION_CONFLICT'])
  expect(
    (
      await s.post('back-office', path, { outcome: 'WANTED', channel: 'PHONE' }, randomUUID(), {
        'if-match': `"${String(body['revision'])}"`,
      })
    ).status,
  ).toBe(200)
})
test('a second DPO is a deputy, and may act', async () => {
  expect((await s.call('GET', '/v1/me', { token: s.token('dpo', 'dpo-2') })).body['role']).toBe('dpo')
  const appointed = (await s.get('auditor', '/events?type=RoleAppointed')).body['items'] as { data: { role: string; as: string } }[]
  expect(appointed.filter(({ data }) => data.role === 'dpo').map(({ data }) => data.as)).toEqual(['HOLDER', 'DEPUTY'])
})
