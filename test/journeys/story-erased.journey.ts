import { hourAgo, referral } from '../support/standalone.js'
import { before, personal, s, subjectRef, toDwp, words } from './story-referred.journey.js'

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
    declinedBy: 'PERSON',
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
test('[C11] what STARS refuses at the point of referral is erased as a no is, and its tombstone says so', async () => {
  const ref = (await s.post('back-office', '/referrals', referral({ name: 'Septimus Oakhollow' }))).body['subjectRef'] as string
  const evidence = { evidenceType: 'STARS_LETTER', checkedAt: hourAgo(), outcome: 'REFUSED' }
  expect((await s.post('back-office', `/subjects/${ref}/eligibility`, evidence)).status).toBe(200)
  const certificate = await s.until(
    () => s.get('dpo', `/subjects/${ref}/erasure-certificate`),
    ({ status }) => status === 200,
  )
  expect(certificate.body['rule']).toBe('C11')
  expect((await s.get('back-office', `/subjects/${ref}/case?purpose=REFERRAL_INTAKE`)).body['fields']).toEqual({
    'ID.name': { erased: true },
  })
  expect(s.filesWith(['Septimus'])).toEqual([])
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
      { scope: 'REF', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' },
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
