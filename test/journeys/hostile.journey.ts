import { Standalone, hourAgo, referral } from '../support/standalone.js'

let s: Standalone
let ref: string
beforeAll(async () => {
  s = await Standalone.start()
  ref = (await s.post('back-office', '/referrals', referral({ name: 'Nothing Wrong' }))).body['subjectRef'] as string
}, 120_000)
afterAll(async () => {
  await s.end()
})

const canary = 'Xanthippe-Leaks'
const row = { recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'NO' }
/** A good body for every door that takes one. */
const doors = (): Readonly<Record<string, readonly [role: Parameters<Standalone['post']>[0], body: Record<string, unknown>]>> => ({
  '/referrals': ['back-office', referral({ name: 'A Name' })],
  '/subjects/search': ['ips-worker', { phone: '1', purpose: 'SERVICE_PROVISION' }],
  [`/subjects/${ref}/service-wish`]: ['back-office', { outcome: 'WANTED', channel: 'PHONE' }],
  [`/subjects/${ref}/eligibility`]: ['back-office', { evidenceType: 'STARS_LETTER', checkedAt: hourAgo(), outcome: 'CONFIRMED' }],
  [`/subjects/${ref}/details`]: ['ips-worker', { category: 'EMP', items: { status: 'EMPLOYED' }, provenance: 'PERSON' }],
  [`/subjects/${ref}/consent-forms`]: [
    'ips-worker',
    { formVersion: 'SCF-1', completedAt: hourAgo(), method: 'WET_SIGNATURE', rows: [row] },
  ],
  [`/subjects/${ref}/consents/withdraw`]: ['ips-worker', { all: true, channel: 'PHONE' }],
  [`/subjects/${ref}/disclosures/check`]: [
    'ips-worker',
    { recipient: 'STARS', purpose: 'JOINT_CARE', categories: ['ID'], fields: ['ID.name'] },
  ],
  [`/subjects/${ref}/disclosures`]: [
    'ips-worker',
    {
      recipient: 'STARS',
      purpose: 'JOINT_CARE',
      categories: ['ID'],
      fields: ['ID.name'],
      necessity: 'care',
      method: 'PHONE',
      confidentialityBasis: 'CONSENT',
    },
  ],
  [`/subjects/${ref}/erasure-requests`]: ['ips-worker', { channel: 'PHONE', receivedAt: hourAgo(), grounds: 'OBJECTION', words: 'words' }],
  '/breaches': ['dpo', { kind: 'INTEGRITY', discoveredAt: hourAgo(), summary: 'a summary', categories: ['ID'] }],
})
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

test('every door refuses what is malformed, names the rule and never echoes what was sent', async () => {
  for (const [path, [role, good]] of Object.entries(doors())) {
    const [first = ''] = Object.keys(good)
    const bad: readonly unknown[] = [
      'not json',
      '[]',
      '"text"',
      'null',
      deep(20_000),
      `{"${first}":1,"${first}":2}`,
      '{"__proto__":{"admin":true}}',
      '{"constructor":{}}',
      `{"${first}":"\\ud800${canary}"}`,
      `{"${first}":"a\\u0000${canary}"}`,
      { ...good, [canary]: 1 },
      { ...good, [first]: { [canary]: canary } },
      { ...good, [first]: [canary] },
      { ...good, [first]: 17 },
      { ...good, [first]: null },
      { ...good, [first]: canary.repeat(2_000) },
      `{"${first}":123456789012345678901234567890}`,
      ...(path === '/subjects/search' ? [] : [{}]),
    ]
    for (const body of bad) {
      const answer = await s.post(role, path, body)
      const shown = typeof body === 'string' ? body.slice(0, 60) : JSON.stringify(body).slice(0, 200)
      expect({
        path,
        shown,
        ok: answer.status >= 400 && answer.status < 500,
        type: answer.headers.get('content-type')?.split(';')[0],
        echo: answer.text.includes(canary),
      }).toEqual({ path, shown, ok: true, type: 'application/problem+json', echo: false })
      expect(answer.body).toMatchObject({
        code: expect.any(String) as string,
        rule: expect.any(String) as string,
        remedy: expect.any(String) as string,
        correlationId: expect.any(String) as string,
      })
    }
  }
}, 120_000)
test('the known field that is wrong is named', async () => {
  const cases: readonly (readonly [string, object])[] = [
    ['receivedAt', { receivedAt: '2026-13-45T99:00:00Z' }],
    ['receivedAt', { receivedAt: '2026-02-30T10:00:00Z' }],
    ['receivedAt', { receivedAt: '23/11/2026' }],
    ['channel', { channel: 'PIGEON' }],
    ['person.name', { person: {} }],
    ['person.name', { person: { name: '   ' } }],
    ['person.name', { person: { name: '\u202Eesrever' } }],
    ['person.name', { person: { name: 'two\nlines' } }],
    ['person.dateOfBirth', { person: { name: 'A', dateOfBirth: '1987-02-29' } }],
    ['person', { person: 'A Name' }],
    ['serviceWish', { serviceWish: 'MAYBE' }],
  ]
  for (const [field, change] of cases) {
    const answer = await s.post('back-office', '/referrals', { ...referral({ name: 'A Name' }), ...change })
    expect([answer.status, answer.body['field']]).toEqual([400, field])
  }
})
test('an instant may lie five minutes ahead, not more', async () => {
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
  expect((await s.post('back-office', '/referrals', referral({ name: 'Soon' }, { receivedAt: at(4) }))).status).toBe(201)
  const late = await s.post('back-office', '/referrals', referral({ name: 'Later' }, { receivedAt: at(7) }))
  expect([late.status, late.body['code'], late.body['field']]).toEqual([400, 'INSTANT_IN_FUTURE', 'receivedAt'])
})
test('what a clause closes answers the clause’s code', async () => {
  const code = async (change: object) => {
    const { status, body } = await s.post('back-office', '/referrals', { ...referral({ name: 'A Name' }), ...change })
    return [status, body['code'], body['clause']]
  }
  expect(await code({ source: 'GP' })).toEqual([400, 'SOURCE_NOT_PERMITTED', 'C10'])
  expect(await code({ serviceArea: 'DURHAM' })).toEqual([400, 'SERVICE_OUT_OF_SCOPE', 'C01'])
  expect(await code({ person: { name: 'A Name', nhsNumber: '9434765918' } })).toEqual([400, 'NHS_NUMBER_INVALID', 'C07'])
})
test('words that mean something to a database or a spreadsheet are words', async () => {
  for (const name of [
    "Robert'); DROP TABLE event_store.event;--",
    '=HYPERLINK("http://x")',
    '@SUM(1+1)',
    '<script>alert(1)</script>',
    '\u{1F600}'.repeat(200),
  ]) {
    const { status, body } = await s.post('back-office', '/referrals', referral({ name }))
    expect(status).toBe(201)
    expect(
      (
        (await s.get('ips-worker', `/subjects/${String(body['subjectRef'])}/case?purpose=SERVICE_PROVISION`)).body['fields'] as Record<
          string,
          unknown
        >
      )['ID.name'],
    ).toBe(name)
  }
})
test('a body of 10 MB is drained, so that the client can read the answer', async () => {
  const answer = await s.post('back-office', '/referrals', `{"source":"${'x'.repeat(10_000_000)}"}`)
  expect([answer.status, answer.body['code']]).toEqual([413, 'BODY_TOO_LARGE'])
})
test('bad ids, queries, headers, methods and addresses', async () => {
  const expectCode = async (
    answer: Promise<{ status: number; body: Readonly<Record<string, unknown>>; text: string }>,
    status: number,
    code: string,
  ) => {
    const { body, text, ...rest } = await answer
    expect([rest.status, body['code'], text.includes(canary)]).toEqual([status, code, false])
  }
  await expectCode(s.get('back-office', `/subjects/${canary}/case?purpose=SERVICE_PROVISION`), 400, 'INVALID_REQUEST')
  await expectCode(s.get('back-office', `/subjects/${ref}/case?purpose=SERVICE_PROVISION&${canary}=1`), 400, 'INVALID_REQUEST')
  await expectCode(s.get('back-office', `/subjects/${ref}/case?purpose=SERVICE_PROVISION&asOf=${canary}`), 400, 'INVALID_REQUEST')
  await expectCode(s.get('back-office', `/subjects/${ref}/case?purpose=SERVICE_PROVISION&purpose=X`), 400, 'INVALID_REQUEST')
  await expectCode(s.get('back-office', `/subjects/${ref}/case?purpose=${canary}`), 400, 'PURPOSE_NOT_REGISTERED')
  await expectCode(s.get('back-office', '/subjects/00000000-0000-4000-8000-000000000000/case?purpose=SERVICE_PROVISION'), 404, 'NOT_FOUND')
  await expectCode(s.get('auditor', '/events?limit=1001'), 400, 'INVALID_REQUEST')
  await expectCode(s.get('auditor', '/events?after=-1'), 400, 'INVALID_REQUEST')
  await expectCode(s.get('auditor', '/events?after=99999999999999999999'), 400, 'INVALID_REQUEST')
  await expectCode(s.get('back-office', `/${canary}`), 404, 'NOT_FOUND')
  await expectCode(s.call('GET', `/v1/%zz${canary}`), 400, 'INVALID_REQUEST')
  await expectCode(s.call('PUT', '/v1/referrals', { token: s.token('back-office'), body: {} }), 405, 'METHOD_NOT_ALLOWED')
  await expectCode(s.post('back-office', '/referrals', {}, 'k'.repeat(201)), 400, 'IDEMPOTENCY_KEY_REQUIRED')
  await expectCode(
    s.call('POST', '/v1/referrals', { token: s.token('back-office'), body: referral({ name: 'A' }) }),
    400,
    'IDEMPOTENCY_KEY_REQUIRED',
  )
  await expectCode(
    s.post('back-office', '/referrals', referral({ name: 'A' }), 'a-good-long-key', { 'if-match': canary }),
    400,
    'INVALID_REQUEST',
  )
  await expectCode(
    s.call('POST', '/v1/referrals', { token: s.token('back-office'), body: 'a=1', headers: { 'content-type': 'text/plain' } }),
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  )
  await expectCode(s.get('back-office', `/subjects/${ref}/case?purpose=SERVICE_PROVISION&after=999999999`), 503, 'NOT_YET_VISIBLE')
})
test('without a valid token 401, in a wrong role 403', async () => {
  const tampered = `${s.token('dpo').slice(0, -4)}AAAA`
  const [head = '', , signature = ''] = s.token('dpo').split('.')
  const forged = `${head}.${Buffer.from(JSON.stringify({ sub: 'dpo-1', roles: ['dpo'] })).toString('base64url')}.${signature}`
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"x","roles":["dpo"]}').toString('base64url')}.`
  for (const token of [undefined, 'x', tampered, forged, none]) {
    const answer = await s.call('GET', '/v1/me', token === undefined ? {} : { token })
    expect([answer.status, answer.body['code'], answer.headers.get('www-authenticate')]).toEqual([401, 'UNAUTHENTICATED', 'Bearer'])
  }
  for (const [role, path] of [
    ['sysadmin', '/events'],
    ['back-office', '/breaches'],
    ['integration', '/referrals'],
    ['health-overseer', '/disclosures'],
  ] as const) {
    const answer = await s.get(role, path)
    expect([path, answer.status, answer.body['code']]).toEqual([path, 403, 'ROLE_NOT_PERMITTED'])
  }
  expect((await s.post('auditor', '/referrals', referral({ name: 'A' }))).status).toBe(403)
})
test('nothing of it was written, logged, or brought the service down', async () => {
  expect((await s.call('GET', '/health/ready')).status).toBe(200)
  expect(s.said).not.toContain(canary)
  expect(s.filesWith([canary])).toEqual([])
  const names = (await s.get('auditor', '/events?limit=1000')).text
  expect(names).not.toContain(canary)
})

type Operation = {
  readonly 'x-roles'?: readonly string[]
  readonly 'x-refusals'?: readonly string[]
  readonly responses: Readonly<Record<string, unknown>>
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>> }
  readonly security?: unknown
}
type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object; readonly enum?: unknown }>> }
}
test('the OpenAPI document has every path, schema, role and refusal code', async () => {
  const document = (await s.call('GET', '/openapi.json')).body as unknown as OpenApi
  expect((await s.call('GET', '/docs')).status).toBe(200)
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  expect(operations.length).toBeGreaterThan(24)
  const posts = operations.filter(({ method }) => method === 'post').map(({ path }) => path.replace('{subjectRef}', ref))
  for (const path of Object.keys(doors())) expect(posts).toContain(`/v1${path}`)
  const open = ['/health/live', '/health/ready', '/metrics', '/ledger/checkpoint', '/ledger/policy', '/ledger/tile/{level}/{path}']
  expect(
    operations
      .filter(({ operation }) => operation['x-roles'] === undefined)
      .map(({ path }) => path)
      .sort(),
  ).toEqual([...open].sort())
  for (const { path, method, operation } of operations) {
    if (open.includes(path)) continue
    expect([path, operation['x-roles']?.length ?? 0]).not.toEqual([path, 0])
    expect([path, Object.keys(operation.responses)]).toEqual([path, expect.arrayContaining(['400', '401', '403', '429', '500', '503'])])
    for (const code of operation['x-refusals'] ?? [])
      expect([path, method, code, JSON.stringify(operation.responses).includes(`"${code}"`)]).toEqual([path, method, code, true])
    if (method === 'post') {
      const schema = operation.requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1) ?? ''
      expect([path, Object.keys(document.components.schemas[schema]?.properties ?? {}).length > 0]).toEqual([path, true])
    }
  }
  for (const [, reference] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]*)"/g))
    expect(Object.keys(document.components.schemas)).toContain(reference)
})
