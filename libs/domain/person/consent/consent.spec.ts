import { specFor } from '#decider/spec'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import { type PersonEvent, person } from '../person.js'
import { type RecordConsentForm, recordConsentForm } from './record-consent-form.js'
import { type WithdrawConsent, withdrawConsent } from './withdraw-consent.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  ConsentGranted: granted,
  ConsentRefused: refusedConsent,
  ConsentWithdrawn: withdrawn,
  ErasureFenced: fenced,
} = examples
const { recipient, purpose, categories, formId, formVersion, method, completedAt, evidence, validUntil } = granted.data
const row = { recipient, purpose, categories, decision: 'YES' as const, validUntil }
const form: RecordConsentForm = {
  subjectRef,
  formId,
  form: 'SHARING',
  formVersion,
  method,
  completedAt,
  evidence,
  witnessed: true,
  rows: [row],
}
const policy = {
  formVersions: new Map([
    ['SCF-1', 'SHARING'],
    ['PHE-1', 'PHE'],
  ] as const),
  recipients: new Set(['DWP-JCP', 'NDTMS']),
  purposes: new Set(['EMPLOYMENT_SUPPORT']),
}
const when = (change: Partial<RecordConsentForm>) => given(received).when(recordConsentForm.decide({ ...form, ...change }, policy))

test('[C31] a yes is a consent', () => when({}).then(granted))
test('[C31] a no is a refusal', () => when({ rows: [{ ...row, decision: 'NO' }] }).then(refusedConsent))
test('[C31] an unanswered row says nothing', () => when({ rows: [{ ...row, decision: 'UNANSWERED' }] }).thenNothing())
test('[C31] an unknown form version is no evidence', () => when({ formVersion: 'SCF-9' }).thenRefused({ code: 'CONSENT_EVIDENCE_MISSING' }))
test('[C35] a PHE form is not a sharing form', () => when({ formVersion: 'PHE-1' }).thenRefused({ code: 'CONSENT_EVIDENCE_MISSING' }))
test('[C31] a consent by word of mouth needs its witness', () =>
  when({ witnessed: false }).thenRefused({ code: 'CONSENT_EVIDENCE_MISSING' }))
test('[C02] a recipient outside the matrix', () =>
  when({ rows: [{ ...row, recipient: 'FUNDER' }] }).thenRefused({ code: 'RECIPIENT_NOT_IN_MATRIX' }))
test('[C04] a purpose outside the register', () =>
  when({ rows: [{ ...row, purpose: 'MARKETING' }] }).thenRefused({ code: 'PURPOSE_NOT_REGISTERED' }))
test('[C07] a category that does not exist', () =>
  when({ rows: [{ ...row, categories: ['SHOE-SIZE'] }] }).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' }))
test('one bad row refuses the whole form', () =>
  when({ rows: [row, { ...row, recipient: 'FUNDER' }] }).thenRefused({ code: 'RECIPIENT_NOT_IN_MATRIX' }))

const withdraw = { subjectRef, channel: 'PHONE' } as const
const at = { now: withdrawn.data.withdrawnAt }
test('[C32] a consent can be withdrawn', () =>
  given(received, granted)
    .when(withdrawConsent.decide({ ...withdraw, which: { recipient, purpose } }, at))
    .then(withdrawn))
test('[C32] all of them at once', () =>
  given(received, granted)
    .when(withdrawConsent.decide({ ...withdraw, which: 'ALL' }, at))
    .then(withdrawn))
test('[C32] withdrawing twice changes nothing', () =>
  given(received, granted, withdrawn)
    .when(withdrawConsent.decide({ ...withdraw, which: 'ALL' }, at))
    .thenNothing())
test('[C32] a withdrawal is never refused for an erasure', () =>
  given(received, granted, fenced)
    .when(withdrawConsent.decide({ ...withdraw, which: 'ALL' }, at))
    .then(withdrawn))

describe('[C31] a consent form', () => {
  test.each(['WET_SIGNATURE', 'E_SIGNATURE'] as const)('needs no witness where it was signed: %s', method => {
    when({ method, witnessed: false }).then({ ...granted, data: { ...granted.data, method } })
  })
  test('of several rows is several events, in their order', () => {
    expect(
      when({ rows: [row, { ...row, recipient: 'NDTMS', decision: 'NO' }, { ...row, decision: 'UNANSWERED' }] })
        .events()
        .map(({ type }) => type),
    ).toEqual(['ConsentGranted', 'ConsentRefused'])
  })
  test('without rows says nothing', () => {
    when({ rows: [] }).thenNothing()
  })
  test('of nobody who was referred', () => {
    given().when(recordConsentForm.decide(form, policy)).thenRefused({ code: 'NOT_FOUND' })
  })
  test('one category of several that does not exist', () => {
    when({ rows: [{ ...row, categories: ['EMP', 'SHOES'] }] }).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' })
  })
})

describe('[C32] a withdrawal', () => {
  const second = { ...granted, data: { ...granted.data, recipient: 'STARS' } }
  const which = (one: WithdrawConsent['which'], ...past: PersonEvent[]) =>
    given(received, ...past).when(withdrawConsent.decide({ ...withdraw, which: one }, at))
  test('of all takes each back', () => {
    which('ALL', granted, second).then(withdrawn, { ...withdrawn, data: { ...withdrawn.data, recipient: 'STARS' } })
  })
  test('of one leaves the others', () => {
    which({ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT' }, granted, second).then(withdrawn)
  })
  test('needs both recipient and purpose to fit', () => {
    which({ recipient: 'STARS', purpose: 'EMPLOYMENT_SUPPORT' }, granted).thenNothing()
    which({ recipient: 'DWP-JCP', purpose: 'JOINT_CARE' }, granted).thenNothing()
  })
  test('of what was refused changes nothing', () => {
    which('ALL', refusedConsent).thenNothing()
  })
  test('by nobody who was referred', () => {
    given()
      .when(withdrawConsent.decide({ ...withdraw, which: 'ALL' }, at))
      .thenRefused({ code: 'NOT_FOUND' })
  })
})
