import { openDoors } from '../support/doors.js'
import { referredWith } from '../support/sharing.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const referred = () => referredWith(doors, { EMP: { status: 'EMPLOYED' }, HLT: { summary: 'sleeps badly' } })
const about = { recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT' }
const row = { ...about, categories: ['EMP'], decision: 'YES' }
const sign = (to: string, completedAt: string, change: object = {}, more: object = {}) =>
  doors.tell('ips-worker', `${to}/consent-forms`, {
    formVersion: 'SCF-1',
    completedAt,
    method: 'WET_SIGNATURE',
    rows: [{ ...row, ...change }],
    ...more,
  })
const share = (to: string, change: object = {}) =>
  doors.tell('ips-worker', `${to}/disclosures`, {
    ...about,
    categories: ['EMP'],
    fields: ['EMP.status'],
    confidentialityBasis: 'CONSENT',
    necessity: 'To plan the next step.',
    method: 'SECURE_EMAIL',
    ...change,
  })
const health = { categories: ['HLT'], fields: ['HLT.summary'] }
const withdraw = (to: string, told: object = { all: true }, key?: string) =>
  doors.tell('back-office', `${to}/consents/withdraw`, { channel: 'PHONE', ...told }, key === undefined ? {} : { key })
/** What the view shows, and what the history says by the same fold. */
async function shown(to: string) {
  await doors.shown()
  const path = `${to}/case?purpose=SERVICE_PROVISION`
  const now = await doors.read('team-leader', path)
  const folded = await doors.read('team-leader', `${path}&asOf=${new Date(Date.now() + 60_000).toISOString()}`)
  const stored = await doors.w.sql`select facts->'consents' as consents from read_model.case_view where subject_ref = ${to.slice(9)}`
  const inTheTable = Object.values(stored[0]?.['consents'] as Record<string, Record<string, unknown>>).map(({ eventId: _, ...one }) => one)
  expect([folded.body['consents'], inTheTable]).toEqual([now.body['consents'], now.body['consents']])
  return now.body['consents']
}
const ended = { ...about }

describe('[C31] what a person said last counts, whenever it is typed in', () => {
  test('a yes of 1 October does not undo a no of 5 November', async () => {
    const to = await referred()
    expect(await sign(to, '2026-11-05T10:00:00Z', { decision: 'NO' })).toMatchObject({ status: 201, body: { refused: [ended] } })
    expect(await sign(to, '2026-10-01T10:00:00Z', { categories: ['EMP', 'HLT'] })).toMatchObject({
      status: 201,
      body: { granted: [], refused: [], unchanged: [{ ...ended, because: 'OLDER' }] },
    })
    expect(await share(to, health)).toMatchObject({ status: 422, body: { code: 'CONSENT_NOT_GRANTED' } })
    expect(await shown(to)).toMatchObject([{ state: 'REFUSED', since: '2026-11-05T10:00:00.000Z' }])
    const stored = (await doors.history(`person-${to.slice(9)}`)).map(({ type }) => type)
    expect(stored.filter(type => type.startsWith('Consent'))).toEqual(['ConsentRefused', 'ConsentGranted'])
  })
  test('an older yes that says more does not widen a newer one', async () => {
    const to = await referred()
    await sign(to, '2026-11-05T10:00:00Z', { validUntil: '2099-01-01T00:00:00Z' })
    await sign(to, '2026-10-01T10:00:00Z', { categories: ['EMP', 'HLT'] })
    expect(await share(to, health)).toMatchObject({ status: 422, body: { code: 'CONSENT_SCOPE_EXCEEDED' } })
    expect(await share(to)).toMatchObject({ status: 201 })
    expect(await shown(to)).toMatchObject([{ state: 'GIVEN', categories: ['EMP'], validUntil: '2099-01-01T00:00:00.000Z' }])
  })
  test('a no that was typed late does not undo a newer yes', async () => {
    const to = await referred()
    await sign(to, '2026-11-05T10:00:00Z')
    expect(await sign(to, '2026-10-01T10:00:00Z', { decision: 'NO' })).toMatchObject({ body: { unchanged: [{ because: 'OLDER' }] } })
    expect(await share(to)).toMatchObject({ status: 201 })
  })
  test('a form sent again is answered as the first time, also once something newer stands', async () => {
    const to = await referred()
    const body = { formVersion: 'SCF-1', completedAt: '2026-11-05T10:00:00Z', method: 'WET_SIGNATURE', rows: [row] }
    const send = () => doors.tell('ips-worker', `${to}/consent-forms`, body, { key: 'the-same-form' })
    const first = await send()
    await sign(to, '2026-11-06T10:00:00Z', { decision: 'NO' })
    expect((await send()).body).toEqual(first.body)
    expect(await shown(to)).toMatchObject([{ state: 'REFUSED' }])
  })
})

describe('[C32] a withdrawal', () => {
  test('says when it came: what was given before it has ended, what was given after it stands', async () => {
    const to = await referred()
    await sign(to, '2026-11-05T10:00:00Z')
    expect(await withdraw(to, { all: true, receivedAt: '2026-11-01T10:00:00Z' })).toMatchObject({ status: 200, body: { withdrawn: [] } })
    expect(await share(to)).toMatchObject({ status: 201 })
    expect(await withdraw(to, { ...about, withdrawnAt: '2026-11-10T10:00:00Z' })).toMatchObject({ body: { withdrawn: [ended] } })
    expect(await share(to)).toMatchObject({ status: 422, body: { code: 'CONSENT_WITHDRAWN' } })
    expect(await shown(to)).toMatchObject([{ state: 'WITHDRAWN', since: '2026-11-10T10:00:00.000Z' }])
    const [, second] = (await doors.history(`person-${to.slice(9)}`)).filter(({ type }) => type === 'WithdrawalReceived')
    expect(second?.metadata.occurredAt).toBe('2026-11-10T10:00:00.000Z')
  })
  test.each(['withdrawnAt', 'receivedAt'])('has no %s in the future', async field => {
    const to = await referred()
    const ahead = new Date(Date.now() + 3_600_000).toISOString()
    expect(await withdraw(to, { all: true, [field]: ahead })).toMatchObject({ status: 400, body: { errors: [{ field }] } })
  })
  test('did not come before it was said', async () => {
    const to = await referred()
    const told = { all: true, receivedAt: '2026-11-01T10:00:00Z', withdrawnAt: '2026-11-02T10:00:00Z' }
    expect(await withdraw(to, told)).toMatchObject({ status: 400, body: { errors: [{ field: 'receivedAt' }] } })
  })
  test.each([{ all: true }, about])('of somebody who had agreed to nothing outdates a form that was signed before it', async which => {
    const to = await referred()
    expect(await withdraw(to, which)).toMatchObject({ status: 200, body: { withdrawn: [], events: [{ type: 'WithdrawalReceived' }] } })
    expect(await sign(to, '2026-11-21T10:00:00Z')).toMatchObject({ body: { granted: [], unchanged: [{ ...ended, because: 'OLDER' }] } })
    expect(await share(to)).toMatchObject({ status: 422, body: { code: 'CONSENT_WITHDRAWN' } })
    expect(await shown(to)).toMatchObject([{ state: 'WITHDRAWN' }])
  })
  test('that names what nobody here knows is taken, ends whatever it can mean, and stands sealed', async () => {
    const said = { recipient: 'TheJobcentre', purpose: about.purpose }
    const to = await referred()
    await sign(to, '2026-11-05T10:00:00Z')
    expect(await withdraw(to, said)).toMatchObject({ status: 200, body: { withdrawn: [ended] } })
    expect(await share(to)).toMatchObject({ status: 422, body: { code: 'CONSENT_WITHDRAWN' } })
    const receipt = (await doors.history(`person-${to.slice(9)}`)).find(({ type }) => type === 'WithdrawalReceived')
    expect(receipt?.data).toMatchObject({ extent: 'UNCLEAR', purpose: about.purpose })
    expect(receipt?.data).not.toHaveProperty('recipient')
    // A form that was signed before it does not count afterwards, for whichever recipient.
    expect(await sign(to, '2026-11-06T10:00:00Z')).toMatchObject({ body: { unchanged: [{ ...ended, because: 'OLDER' }] } })
    expect(await shown(to)).toMatchObject([{ state: 'WITHDRAWN' }])
  })
  test.each([{ recipient: about.recipient }, { purpose: about.purpose }])('of %o alone ends all that fits', async said => {
    const to = await referred()
    await sign(to, '2026-11-05T10:00:00Z')
    expect(await withdraw(to, said)).toMatchObject({ status: 200, body: { withdrawn: [ended] } })
    expect(await share(to)).toMatchObject({ status: 422, body: { code: 'CONSENT_WITHDRAWN' } })
  })
  test('delivered twice ends nothing that was given in between, and is answered as the first time', async () => {
    const to = await referred()
    const first = await withdraw(to, { all: true }, 'the-same-letter')
    expect(await sign(to, new Date().toISOString())).toMatchObject({ body: { granted: [ended] } })
    expect((await withdraw(to, { all: true }, 'the-same-letter')).body).toEqual(first.body)
    expect(await share(to)).toMatchObject({ status: 201 })
  })
})

describe('[C32] a request to be erased because consent is withdrawn', () => {
  const ask = (to: string, grounds: string) =>
    doors.tell('ips-worker', `${to}/erasure-requests`, { channel: 'PHONE', receivedAt: new Date().toISOString(), grounds, words: 'please' })
  test('ends every consent where it stands', async () => {
    const to = await referred()
    await sign(to, '2026-11-21T10:00:00Z')
    expect(await ask(to, 'CONSENT_WITHDRAWN')).toMatchObject({
      status: 201,
      body: { events: [{ type: 'ErasureRequested' }, { type: 'WithdrawalReceived' }, { type: 'ConsentWithdrawn' }] },
    })
    expect(await share(to)).toMatchObject({ status: 422, body: { code: 'CONSENT_WITHDRAWN' } })
    expect(await sign(to, '2026-11-22T10:00:00Z')).toMatchObject({ body: { granted: [] } })
    expect(await share(to)).toMatchObject({ status: 422 })
  })
  test('on another ground it waits for its decision', async () => {
    const to = await referred()
    await sign(to, '2026-11-21T10:00:00Z')
    expect(await ask(to, 'NO_LONGER_NECESSARY')).toMatchObject({ body: { events: [{ type: 'ErasureRequested' }] } })
    expect(await share(to)).toMatchObject({ status: 201 })
  })
})
