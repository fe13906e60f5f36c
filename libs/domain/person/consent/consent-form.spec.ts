import { examples } from '../examples.js'
import type { PersonEvent } from '../person.js'
import { recordConsentForm } from './record-consent-form.js'
import { form, given, now, policy, row, when, whenRow } from './spec.js'

const { ReferralReceived: received, ConsentGranted: granted, ConsentRefused: refusedConsent, WithdrawalReceived: withdrawal } = examples
const inForceSince = (effectiveFrom: string) => ({ effectiveFrom })

test('[C31] a yes is a consent', () => when({}).then(granted))
test('[C31] a no is a refusal', () => whenRow({ decision: 'NO' }).then(refusedConsent))
test('[C31] a form on which nothing is answered is none: silence is not consent', () => {
  whenRow({ decision: 'UNANSWERED' }).thenRefused({ code: 'CONSENT_FORM_UNANSWERED' })
  when({ rows: [] }).thenRefused({ code: 'CONSENT_FORM_UNANSWERED' })
})
test('[C31] an unknown form version is no evidence', () => when({ formVersion: 'SCF-9' }).thenRefused({ code: 'CONSENT_EVIDENCE_MISSING' }))
test('[C31] nor is one that was published after the form was filled in', () =>
  when({}, { formVersions: new Map([['SCF-1', { form: 'SHARING', ...inForceSince('2026-11-01T09:00:00.001Z') }]]) }).thenRefused({
    code: 'CONSENT_EVIDENCE_MISSING',
  }))
test('[C03] a notice that was never published', () => when({ noticeVersion: 'NOPE-9' }).thenRefused({ code: 'NOTICE_VERSION_UNKNOWN' }))
test('[C03] or that was not in force yet', () =>
  when({}, { noticeVersions: new Map([['NOTICE-1', inForceSince('2026-11-02T00:00:00.000Z')]]) }).thenRefused({
    code: 'NOTICE_VERSION_UNKNOWN',
  }))
test('a form need not name the notice', () => when({ noticeVersion: undefined }).then(granted))
test('[C35] a PHE form is not a sharing form', () => when({ formVersion: 'PHE-1' }).thenRefused({ code: 'CONSENT_EVIDENCE_MISSING' }))
test('[C31] a consent by word of mouth needs its witness', () =>
  when({ witnessed: false }).thenRefused({ code: 'CONSENT_EVIDENCE_MISSING' }))
test('[C02] a recipient outside the matrix', () => whenRow({ recipient: 'FUNDER' }).thenRefused({ code: 'RECIPIENT_NOT_IN_MATRIX' }))
test('[C04] a purpose outside the register', () => whenRow({ purpose: 'MARKETING' }).thenRefused({ code: 'PURPOSE_NOT_REGISTERED' }))
test('[C07] a category that does not exist', () =>
  whenRow({ categories: ['SHOE-SIZE'] }).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' }))
test('one bad row refuses the whole form', () =>
  when({ rows: [row, { ...row, recipient: 'FUNDER' }] }).thenRefused({ code: 'RECIPIENT_NOT_IN_MATRIX' }))

describe.each(['YES', 'NO'] as const)('[C31] a %s is taken only where it can be an answer', decision => {
  test('of a recipient whose sharing rests on consent', () => {
    whenRow({ recipient: 'POL-CRIME', decision }).thenRefused({ code: 'CONSENT_NOT_THE_BASIS' })
    whenRow({ recipient: 'RSC', decision }).thenRefused({ code: 'RECIPIENT_DISPUTED' })
  })
  test('for a purpose that the recipient has', () => {
    whenRow({ purpose: 'JOINT_CARE', decision }).thenRefused({ code: 'PURPOSE_INCOMPATIBLE' })
  })
  test('of categories that the recipient can be sent', () => {
    whenRow({ categories: ['EMP', 'CRM'], decision }).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' })
  })
  test('[C35] on the form that asks about this recipient', () => {
    whenRow({ recipient: 'PHE-RAW', decision }).thenRefused({ code: 'PHE_CONSENT_FORM_REQUIRED' })
    whenRow({ decision }, { form: 'PHE', formVersion: 'PHE-1' }).thenRefused({ code: 'CONSENT_EVIDENCE_MISSING' })
  })
  test('[C33] NDTMS with the work of IPS on the form that asks about that', () => {
    const refused = { code: 'NDTMS_IPS_CONSENT_FORM_REQUIRED' } as const
    whenRow({ recipient: 'NDTMS-IPS', decision }).thenRefused(refused)
    whenRow({ recipient: 'NDTMS-IPS', decision }, { form: 'PHE', formVersion: 'PHE-1' }).thenRefused(refused)
    whenRow({ recipient: 'NDTMS', decision }, { form: 'NDTMS_IPS', formVersion: 'IPS-1' }).thenRefused({ code: 'CONSENT_EVIDENCE_MISSING' })
  })
  test('[C34] by somebody who receives interventions, where it is about those', () => {
    whenRow({ recipient: 'CJIT', decision }).thenRefused({ code: 'CJ_INTERVENTION_NOT_ACTIVE' })
  })
  test('up to a day that lies ahead', () => {
    whenRow({ validUntil: now, decision }).thenRefused({ code: 'CONSENT_EXPIRED' })
    expect(whenRow({ validUntil: '2026-11-02T10:00:00.001Z', decision }).events()).toHaveLength(1)
  })
})
test('[C35] raw data to PHE on its own form', () => {
  whenRow({ recipient: 'PHE-RAW' }, { form: 'PHE', formVersion: 'PHE-1' }).then({
    ...granted,
    data: { ...granted.data, recipient: 'PHE-RAW', form: 'PHE', formVersion: 'PHE-1' },
  })
})
test('[C33] supplementary IPS data to NDTMS on its own form', () => {
  whenRow({ recipient: 'NDTMS-IPS' }, { form: 'NDTMS_IPS', formVersion: 'IPS-1' }).then({
    ...granted,
    data: { ...granted.data, recipient: 'NDTMS-IPS', form: 'NDTMS_IPS', formVersion: 'IPS-1' },
  })
})
test('[C34] a printed question that was left open where it does not apply hinders nothing', () => {
  when({ rows: [row, { ...row, recipient: 'CJIT', decision: 'UNANSWERED' }] }).then(granted)
})
test('[C31] a yes without a category is none; a no needs none', () => {
  whenRow({ categories: [] }).thenRefused({ code: 'CONSENT_EVIDENCE_MISSING' })
  expect(whenRow({ categories: [], decision: 'NO' }).events()).toHaveLength(1)
})
test.each(['YES', 'NO', 'UNANSWERED'] as const)(
  '[C31] of two answers to one question, of which the second is %s, none is taken',
  decision => {
    when({ rows: [row, { ...row, decision }] }).thenRefused({ code: 'CONSENT_ANSWERED_TWICE' })
  },
)

describe('[C31] a form', () => {
  test.each(['WET_SIGNATURE', 'E_SIGNATURE'] as const)('needs no witness where it was signed: %s', method => {
    when({ method, witnessed: false }).then({ ...granted, data: { ...granted.data, method } })
  })
  test('of several rows is several events, in their order', () => {
    expect(
      when({ rows: [row, { ...row, recipient: 'NDTMS', decision: 'NO' }, { ...row, recipient: 'CJIT', decision: 'UNANSWERED' }] })
        .events()
        .map(({ type }) => type),
    ).toEqual(['ConsentGranted', 'ConsentRefused'])
  })
  test('of nobody who was referred', () => {
    given()
      .when(recordConsentForm.decide(form, { ...policy, now }))
      .thenRefused({ code: 'NOT_FOUND' })
  })
  test('that is older than what was said since is on record, and says that it changes nothing', () => {
    const outdated = (...past: PersonEvent[]) =>
      given(received, ...past).when(recordConsentForm.decide({ ...form, completedAt: '2026-10-01T09:00:00.000Z' }, { ...policy, now }))
    const older = { ...granted, data: { ...granted.data, completedAt: '2026-10-01T09:00:00.000Z', counts: false } }
    outdated(refusedConsent).then(older)
    outdated(withdrawal).then(older)
    outdated({ ...refusedConsent, data: { ...refusedConsent.data, purpose: 'JOINT_CARE' } }).then({
      ...older,
      data: { ...older.data, counts: true },
    })
  })
  test('was not filled in after it was recorded: whoever types it in may have a clock that is ahead', () => {
    when({ completedAt: '2026-11-02T10:04:00.000Z' }).then({ ...granted, data: { ...granted.data, completedAt: now } })
  })
})
