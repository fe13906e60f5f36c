import { randomUUID } from 'node:crypto'
import { type RefusalCode, statusOf } from '#kernel/refusals'
import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
let to: string
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())
beforeEach(async () => {
  const { body } = await doors.tell('back-office', 'referrals', aReferral)
  to = `subjects/${String(body['subjectRef'])}`
})

const row = { recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'YES' }
const form = { formVersion: 'SCF-1', completedAt: '2026-11-21T10:00:00Z', method: 'WET_SIGNATURE', rows: [row] }
const send = (change: object, key: string = randomUUID()) =>
  doors.tell('ips-worker', `${to}/consent-forms`, { ...form, ...change }, { key })
const consentsOnRecord = async () =>
  (await doors.history(`person-${to.slice(9)}`)).filter(({ type }) => type.startsWith('Consent')).map(({ type }) => type)
const ofRow = (change: object) => ({ rows: [{ ...row, ...change }] })
const ips = { recipient: 'NDTMS-IPS', purpose: 'IPS_MONITORING' }
const phe = { recipient: 'PHE-RAW', purpose: 'PHE_LINKAGE' }

test.each<readonly [string, RefusalCode, { readonly [field in keyof typeof form | 'formType' | 'noticeVersion']?: unknown }]>([
  [
    'a recipient to whom no consent leads',
    'CONSENT_NOT_THE_BASIS',
    ofRow({ recipient: 'POL-CRIME', purpose: 'CRIME_REPORT', categories: ['CRM'] }),
  ],
  ['its refusal', 'CONSENT_NOT_THE_BASIS', ofRow({ recipient: 'POL-CRIME', purpose: 'CRIME_REPORT', categories: [], decision: 'NO' })],
  ['the treatment service, which shares care', 'CONSENT_NOT_THE_BASIS', ofRow({ recipient: 'STARS', purpose: 'JOINT_CARE' })],
  ['a recipient that is disputed', 'RECIPIENT_DISPUTED', ofRow({ recipient: 'RSC' })],
  ['raw data to PHE on a sharing form', 'PHE_CONSENT_FORM_REQUIRED', ofRow(phe)],
  ['the work of IPS to NDTMS on a sharing form', 'NDTMS_IPS_CONSENT_FORM_REQUIRED', ofRow(ips)],
  ['the Jobcentre on a PHE form', 'CONSENT_EVIDENCE_MISSING', { formType: 'PHE', formVersion: 'PHE-1' }],
  [
    'interventions of which none is on record',
    'CJ_INTERVENTION_NOT_ACTIVE',
    ofRow({ recipient: 'CJIT', purpose: 'CJ_MONITORING', categories: ['CJ'] }),
  ],
  ['a validity that has passed', 'CONSENT_EXPIRED', ofRow({ validUntil: '2026-11-22T10:00:00Z' })],
  ['a notice that was never published', 'NOTICE_VERSION_UNKNOWN', { noticeVersion: 'NOPE-9' }],
  ['a form version that was never published', 'CONSENT_EVIDENCE_MISSING', { formVersion: 'NOPE-9' }],
  ['a form that was filled in before it was published', 'CONSENT_EVIDENCE_MISSING', { completedAt: '2019-12-31T23:59:59Z' }],
  ['a yes to nothing', 'CONSENT_EVIDENCE_MISSING', ofRow({ categories: [] })],
  ['a category that this recipient is never sent', 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE', ofRow({ categories: ['EMP', 'CRM'] })],
  ['a purpose that this recipient does not have', 'PURPOSE_INCOMPATIBLE', ofRow({ purpose: 'TREATMENT_MONITORING' })],
  ['a yes and a no to one question', 'CONSENT_ANSWERED_TWICE', { rows: [row, { ...row, decision: 'NO' }] }],
  ['two different yeses to one question', 'CONSENT_ANSWERED_TWICE', { rows: [row, { ...row, categories: ['EMP', 'OUT'] }] }],
  ['no answer at all', 'CONSENT_FORM_UNANSWERED', ofRow({ decision: 'UNANSWERED' })],
  ['no question at all', 'CONSENT_FORM_UNANSWERED', { rows: [] }],
])('[C31] a form is refused whole for %s', async (_, code, change) => {
  const first = await send(change, 'the-same-form')
  expect(first).toMatchObject({ status: statusOf(code), body: { code } })
  expect(await send(change, 'the-same-form')).toMatchObject({ status: first.status, body: { code } })
  const { rows } = { ...form, ...change }
  const good = { recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING', categories: ['HLT'], decision: 'YES' }
  if (code !== 'CONSENT_FORM_UNANSWERED')
    expect(await send({ ...change, rows: [good, ...(rows as readonly object[])] })).toMatchObject({ status: first.status })
  expect(await consentsOnRecord()).toEqual([])
})
test('[C35] raw data to PHE is decided on its own form', async () => {
  const change = { formType: 'PHE', formVersion: 'PHE-1', ...ofRow(phe) }
  expect(await send(change)).toMatchObject({ status: 201, body: { granted: [phe] } })
})
test('[C33] the work of IPS goes to NDTMS by a form of its own', async () => {
  const change = { formType: 'NDTMS_IPS', formVersion: 'NDTMS-IPS-1', ...ofRow(ips) }
  expect(await send(change)).toMatchObject({ status: 201, body: { granted: [ips] } })
})
test('[C31] the answer says what a form changed, and what it did not', async () => {
  const answer = await send({
    noticeVersion: 'DEMO-1',
    rows: [
      { ...row, validUntil: '2099-01-01T00:00:00Z' },
      { recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING', categories: [], decision: 'NO' },
      { recipient: 'CJIT', purpose: 'CJ_MONITORING', categories: [], decision: 'UNANSWERED' },
    ],
  })
  expect(answer).toMatchObject({
    status: 201,
    body: {
      granted: [{ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT' }],
      refused: [{ recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING' }],
      unchanged: [{ recipient: 'CJIT', purpose: 'CJ_MONITORING', because: 'UNANSWERED' }],
    },
  })
  expect(await consentsOnRecord()).toEqual(['ConsentGranted', 'ConsentRefused'])
})
