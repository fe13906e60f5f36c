import { examples } from '../examples.js'
import { sharingPolicy } from './examples.js'
import { shareData } from './share-data.js'
import { facts, given, held, share, toDwp, toStars, typesOf } from './spec.js'

const { ReferralReceived: received, ConsentGranted: granted, ConsentRefused: refusedConsent, ConsentWithdrawn: withdrawn } = examples

test('[C31] data is shared once consent is given, authorised by the matrix in the same append', () => {
  const events = share().events()
  expect(typesOf(events)).toEqual(['DisclosureAuthorised', 'DataShared'])
  expect(events[1]).toMatchObject({
    data: { basis: { art6: 'a' }, consentFormVersion: 'SCF-1', itemCount: 1, fields: ['EMP.status'], requested: false, reviewItems: [] },
  })
})
test('[C31] silence is not consent', () =>
  given(...held)
    .when(shareData.decide(toDwp, facts))
    .thenRefused({ code: 'CONSENT_NOT_GRANTED', also: [] }))
test('[C31] nor is a no', () =>
  given(...held, refusedConsent)
    .when(shareData.decide(toDwp, facts))
    .thenRefused({ code: 'CONSENT_NOT_GRANTED', also: [] }))
test('[C32] nor a consent that was withdrawn', () => share({}, withdrawn).thenRefused({ code: 'CONSENT_WITHDRAWN', also: [] }))
test('[C31] nor one that has run out', () =>
  given(...held, granted)
    .when(shareData.decide(toDwp, { ...facts, now: '2027-11-01T09:00:00.000Z' }))
    .thenRefused({ code: 'CONSENT_EXPIRED', also: [] }))
test('[C31] a consent covers the categories that were ticked', () =>
  share({ categories: ['HLT'], fields: ['HLT.summary'] }).thenRefused({ code: 'CONSENT_SCOPE_EXCEEDED', also: [] }))
test('[C31] who it is about goes with every consent', () => {
  expect(typesOf(share({ categories: ['ID', 'EMP'], fields: ['ID.name', 'EMP.status'] }).events())).toContain('DataShared')
})
test('[C35] a sharing form never lets raw data go to PHE', () =>
  share({ recipient: 'PHE-RAW', purpose: 'PHE_LINKAGE', categories: ['ID'], fields: ['ID.name'] }).thenRefused({
    code: 'PHE_CONSENT_FORM_REQUIRED',
    also: [],
  }))
test('[C24] only the fields of the matrix', () =>
  share({ fields: ['EMP.status', 'EMP.skills'] }).thenRefused({ code: 'MINIMUM_NECESSARY_EXCEEDED', also: ['FIELD_NOT_HELD'] }))
test('[C24] only fields of the categories that were named', () =>
  share({ fields: ['ID.name'] }).thenRefused({ code: 'MINIMUM_NECESSARY_EXCEEDED', also: [] }))
test('[C24] what is not held is not shared', () =>
  given(received, granted).when(shareData.decide(toDwp, facts)).thenRefused({ code: 'FIELD_NOT_HELD', also: [] }))
test('[C02] a funder is no recipient', () => share({ recipient: 'DHSC' }).thenRefused({ code: 'RECIPIENT_NOT_IN_MATRIX', also: [] }))
test('[C42] a disputed recipient gets nothing', () => share({ recipient: 'RSC' }).thenRefused({ code: 'RECIPIENT_DISPUTED', also: [] }))
test('[C04] an unregistered purpose', () =>
  share({ purpose: 'MARKETING' }).thenRefused({ code: 'PURPOSE_NOT_REGISTERED', also: ['CONSENT_NOT_GRANTED'] }))
test('[C04] another purpose than the row’s', () =>
  share({ purpose: 'JOINT_CARE' }).thenRefused({ code: 'PURPOSE_INCOMPATIBLE', also: ['CONSENT_NOT_GRANTED'] }))
test('[C44] no disclosure without a basis in confidentiality', () =>
  share({ confidentialityBasis: undefined }).thenRefused({ code: 'CONFIDENTIALITY_BASIS_MISSING', also: [] }))
test('[C44] nor with one outside the list', () =>
  share({ confidentialityBasis: 'CURIOSITY' }).thenRefused({ code: 'CONFIDENTIALITY_BASIS_MISSING', also: [] }))
test('[C32] a form that is older than the withdrawal gives nothing back', () =>
  share({}, withdrawn, { ...granted, data: { ...granted.data, completedAt: '2026-10-01T09:00:00.000Z' } }).thenRefused({
    code: 'CONSENT_WITHDRAWN',
    also: [],
  }))
test('[C35] nor does a PHE form answer for a sharing form', () =>
  given(...held, { ...granted, data: { ...granted.data, form: 'PHE' as const } })
    .when(shareData.decide(toDwp, facts))
    .thenRefused({ code: 'CONSENT_NOT_GRANTED', also: [] }))
test('sharing it again changes nothing', () =>
  given(...held, granted, examples.DataShared)
    .when(shareData.decide(toDwp, facts))
    .thenNothing())
test('[C15] legitimate interests need an assessment in date', () =>
  given(...held)
    .when(shareData.decide(toStars, { ...facts, policy: { ...sharingPolicy, isAssessed: () => false } }))
    .thenRefused({ code: 'LIA_MISSING_OR_EXPIRED', also: [] }))
test('[C11] STARS gets nothing once it says that there is no service', () =>
  given(...held, examples.EligibilityRefused)
    .when(shareData.decide(toStars, facts))
    .thenRefused({ code: 'NOT_IN_STARS_SERVICE', also: [] }))
