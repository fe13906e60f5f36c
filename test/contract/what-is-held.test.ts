import type { StaffRole } from '#kernel/actor'
import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const tell = (url: string, body: object, role: StaffRole = 'ips-worker') => doors.tell(role, url, body)
const refusedFor = (code: string) => ({ status: 422, body: { code } })
const notPermitted = { status: 400, body: { code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' } }
const someone = async () => `subjects/${String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])}`
const eventOf = (answer: { readonly body: Readonly<Record<string, unknown>> }) =>
  (answer.body['events'] as readonly { readonly id: string }[])[0]?.id
type Shown = {
  readonly fields: Readonly<Record<string, unknown>>
  readonly sources: readonly Readonly<Record<string, unknown>>[]
  readonly declined: readonly string[]
}
const caseOf = async (to: string, purpose = 'SERVICE_PROVISION') => {
  await doors.shown()
  return (await doors.read('ips-worker', `${to}/case?purpose=${purpose}`)).body as unknown as Shown
}
const found = async (phone: string) => {
  await doors.shown()
  const { items } = (await tell('subjects/search', { phone, purpose: 'SERVICE_PROVISION' })).body
  return (items as readonly unknown[]).length
}

test('[C63] what is corrected is shown and found as it is now, with where it comes from', async () => {
  const to = await someone()
  const contact = (phone: string) => ({ category: 'CON', items: { phone }, provenance: 'PERSON' })
  expect(await tell(`${to}/details/correction`, contact('07700 900477'))).toMatchObject({ status: 422, body: { code: 'FIELD_NOT_HELD' } })
  const first = await tell(`${to}/details`, contact('07700 900471'))
  const corrected = await tell(`${to}/details/correction`, { ...contact('07700 900472'), provenance: 'STARS' })
  expect(corrected).toMatchObject({ status: 200 })
  const [{ data } = { data: {} }] = (await doors.history(`person-${to.slice('subjects/'.length)}`)).filter(
    ({ type }) => type === 'PersonalDetailsCorrected',
  )
  expect(data).toMatchObject({ supersedes: [eventOf(first)] })
  const shown = await caseOf(to)
  expect(shown.fields['CON.phone']).toBe('07700 900472')
  expect(shown.sources).toContainEqual(expect.objectContaining({ field: 'CON.phone', provenance: 'STARS', eventId: eventOf(corrected) }))
  expect([await found('07700 900471'), await found('07700 900472')]).toEqual([0, 1])
})
test('[C63] what was recorded in error is neither shown, found nor shared any more', async () => {
  const to = await someone()
  const recorded = await tell(`${to}/details`, { category: 'CON', items: { phone: '07700 900473' }, provenance: 'WORKER' })
  expect(await found('07700 900473')).toBe(1)
  const error = { withdrawn: eventOf(recorded), reasons: 'That is his brother’s.' }
  expect(await tell(`${to}/recorded-in-error`, error)).toMatchObject({ status: 200 })
  expect([await found('07700 900473'), Object.keys((await caseOf(to)).fields)]).toEqual([0, ['ID.name']])
  const sharing = {
    recipient: 'STARS',
    purpose: 'JOINT_CARE',
    categories: ['CON'],
    fields: ['CON.phone'],
    confidentialityBasis: 'IMPLIED_DIRECT_CARE',
    necessity: 'To call.',
    method: 'SECURE_EMAIL',
  }
  expect(await tell(`${to}/disclosures`, sharing)).toMatchObject(refusedFor('FIELD_NOT_HELD'))
  expect(await tell(`${to}/recorded-in-error`, error)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
})
test('[C63] a fact that was recorded in error stands no more; by whoever records it', async () => {
  const to = await someone()
  const risk = await tell(`${to}/serious-risk`, { who: 'OTHERS', from: '2026-10-01', words: 'Heard of it.' })
  const error = { withdrawn: eventOf(risk), reasons: 'It was about somebody else.' }
  expect(await tell(`${to}/recorded-in-error`, error, 'back-office')).toMatchObject({ status: 403, body: { code: 'ROLE_NOT_PERMITTED' } })
  expect(await tell(`${to}/recorded-in-error`, error)).toMatchObject({ status: 200 })
  expect(await caseOf(to)).toMatchObject({ facts: [] })
})

test('[C08] demographics are recorded for monitoring, or declined, until the person wants none', async () => {
  const to = await someone()
  const asked = { category: 'DEM-RE', items: { ethnicity: 'MIXED' }, provenance: 'PERSON' }
  expect(await tell(`${to}/demographics`, asked)).toMatchObject({ status: 200 })
  expect(await tell(`${to}/demographics`, { ...asked, category: 'DEM-RB', items: {}, declined: ['religion'] })).toMatchObject({
    status: 200,
  })
  expect(await tell(`${to}/demographics`, { ...asked, category: 'DEM-SL', items: { relationship: 'SINGLE' } })).toMatchObject(
    refusedFor('ARTICLE9_CONDITION_MISSING'),
  )
  expect(await tell(`${to}/demographics`, { ...asked, declined: ['ethnicity'] })).toMatchObject({ status: 400 })
  expect(await tell(`${to}/demographics`, { ...asked, items: {} })).toMatchObject({ status: 400 })
  expect(await tell(`${to}/demographics`, { ...asked, items: { ethnicity: 'PENGUIN' } })).toMatchObject({ status: 400 })
  expect(await tell(`${to}/demographics`, { ...asked, items: { clan: 'X' } })).toMatchObject(notPermitted)
  const monitored = await caseOf(to, 'EQUALITY_MONITORING')
  expect([monitored.fields['DEM-RE.ethnicity'], monitored.declined]).toEqual(['MIXED', ['DEM-RB.religion']])
  // It decides nothing about anybody: whoever gives the service does not see it for that.
  const served = await caseOf(to)
  expect([served.fields['DEM-RE.ethnicity'], served.declined]).toEqual([{ masked: true }, []])
  expect(await tell(`${to}/equality-opt-out`, { channel: 'LETTER', receivedAt: '2026-11-24T10:00:00Z' }, 'sysadmin')).toMatchObject({
    status: 200,
  })
  expect(await tell(`${to}/demographics`, asked)).toMatchObject(refusedFor('EQUALITY_OPT_OUT'))
  expect(Object.keys((await caseOf(to, 'EQUALITY_MONITORING')).fields)).not.toContain('DEM-RE.ethnicity')
  expect(await tell(`${to}/equality-opt-out/end`, { channel: 'PHONE', saidAt: '2026-11-25T10:00:00Z' })).toMatchObject({ status: 200 })
  expect(await tell(`${to}/demographics`, asked)).toMatchObject({ status: 200 })
})
test('[C09] offences are recorded of offenders, on a condition that holds', async () => {
  const to = await someone()
  const offences = { category: 'CRM', items: { offences: 'Theft.' }, provenance: 'PERSON', about: 'THE_PERSON', condition: 'para-2' }
  const record = (change: object = {}) => tell(`${to}/offence-data`, { ...offences, ...change })
  expect(await record()).toMatchObject(refusedFor('CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS'))
  expect((await tell(`${to}/offender-status`, { status: 'EX_OFFENDER', from: '2026-01-01' })).status).toBe(201)
  expect(await record()).toMatchObject({ status: 200 })
  expect(await record({ condition: undefined })).toMatchObject(refusedFor('SCHEDULE1_CONDITION_MISSING'))
  expect(await record({ condition: 'para-18' })).toMatchObject(refusedFor('APPROPRIATE_POLICY_DOCUMENT_MISSING'))
  expect(await record({ condition: 'para-10' })).toMatchObject(refusedFor('CONDITION_NOT_MET'))
  expect((await tell(`${to}/reoffending-risk`, { level: 'HIGH', from: '2026-10-01', words: 'Twice in a month.' })).status).toBe(201)
  expect(await record({ condition: 'para-10' })).toMatchObject({ status: 200 })
  expect(await record({ about: 'SOMEBODY_ELSE' })).toMatchObject(notPermitted)
  expect((await caseOf(to, 'RISK_MANAGEMENT')).fields['CRM.offences']).toBe('Theft.')
  expect((await caseOf(to)).fields['CRM.offences']).toEqual({ masked: true })
})
