import { happened, somebody, specFor } from '#decider/spec'
import type { Actor } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { examples } from '../examples.js'
import { disclosureId, subjectRef } from '../invented.js'
import { sharingPolicy } from './examples.js'
import { type PersonEvent, person } from '../person.js'
import { authoriseDisclosure } from './authorise-disclosure.js'
import { type ShareData, type SharingFacts, shareData } from './share-data.js'
import { cancelPending, isPending, recordDispatch, recordFailure, whyNotToSend } from './dispatch-disclosure.js'
import { isCitation } from './events.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  PersonalDetailsRecorded: recorded,
  HealthDataRecorded: health,
  ConsentGranted: granted,
  ConsentRefused: refusedConsent,
  ConsentWithdrawn: withdrawn,
  ErasureFenced: fenced,
  DisclosureRequested: requested,
} = examples
const now = '2026-11-02T10:00:00.000Z'
const facts: SharingFacts = { policy: sharingPolicy, now, digest: () => 'D'.repeat(43) }
const toDwp: ShareData = {
  disclosureId,
  subjectRef,
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  method: 'SECURE_EMAIL',
  urgency: 'ROUTINE',
  confidentialityBasis: 'CONSENT',
  necessity: requested.data.necessity,
}
const toStars: ShareData = { ...toDwp, recipient: 'STARS', purpose: 'JOINT_CARE', confidentialityBasis: 'IMPLIED_DIRECT_CARE' }
const toPolice: ShareData = {
  ...toDwp,
  recipient: 'POL-CRIME',
  purpose: 'CRIME_REPORT',
  categories: ['ID'],
  fields: ['ID.name'],
  confidentialityBasis: 'LEGAL_DUTY',
  legalProvision: 'Road Traffic Act 1988 s.170',
}
const toCourt: ShareData = {
  ...toPolice,
  recipient: 'COURT',
  purpose: 'COURT_ORDER',
  legalProvision: undefined,
  orderReference: requested.data.necessity,
}
const held = [received, recorded, health] as const
const share = (change: Partial<ShareData> = {}, ...more: PersonEvent[]) =>
  given(...held, granted, ...more).when(shareData.decide({ ...toDwp, ...change }, facts))
const typesOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type)

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
test('[C22] an order is a provision for a court only', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, legalProvision: undefined, orderReference: requested.data.necessity }, facts))
    .thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] }))
test('sharing it again changes nothing', () =>
  given(...held, granted, examples.DataShared)
    .when(shareData.decide(toDwp, facts))
    .thenNothing())
test('[C15] legitimate interests need an assessment in date', () =>
  given(...held)
    .when(shareData.decide(toStars, { ...facts, policy: { ...sharingPolicy, assessmentInDate: false } }))
    .thenRefused({ code: 'LIA_MISSING_OR_EXPIRED', also: [] }))
test('[C11] STARS gets nothing once it says that there is no service', () =>
  given(...held, examples.EligibilityRefused)
    .when(shareData.decide(toStars, facts))
    .thenRefused({ code: 'NOT_IN_STARS_SERVICE', also: [] }))
test('[C22] where the law is claimed it is cited', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, legalProvision: undefined }, facts))
    .thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] }))
test('[C22] a name is no citation', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, legalProvision: 'ask Perpetua' }, facts))
    .thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] }))
test.each([
  'Road Traffic Act 1988 s.170',
  'Children Act 1989, section 47',
  'DPA 2018 Sch 2 para 2',
  'POCA 2002 s 330',
  'UK GDPR Art 6(1)(c)',
  'section 115 Crime and Disorder Act 1998',
])('[C22] %s is a citation', text => {
  expect(isCitation(text)).toBe(true)
})
test.each(['Perpetua', 'ask Perpetua', 'because of the drink', '=1+1', '', 'Perpetua 9434765919 Act', '12 High Street NE8 1AA Act'])(
  '[C22] “%s” is none',
  text => {
    expect(isCitation(text)).toBe(false)
  },
)
test('[C22] nobody has to invent a citation: another basis of the row will do', () => {
  expect(
    typesOf(
      given(...held)
        .when(shareData.decide({ ...toPolice, legalProvision: undefined, confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST' }, facts))
        .events(),
    ),
  ).toEqual(['DisclosureRequested'])
})
test('[C22] a refused consent does not block what the law requires', () => {
  expect(
    typesOf(
      given(...held, refusedConsent)
        .when(shareData.decide(toPolice, facts))
        .events(),
    ),
  ).toEqual(['DisclosureRequested'])
})
test('[C25] a court names its order', () =>
  given(...held)
    .when(shareData.decide({ ...toCourt, orderReference: undefined }, facts))
    .thenRefused({ code: 'COURT_ORDER_REFERENCE_MISSING', also: ['LEGAL_PROVISION_MISSING'] }))
test('[C25] an order is its own provision', () => {
  expect(
    typesOf(
      given(...held)
        .when(shareData.decide(toCourt, facts))
        .events(),
    ),
  ).toEqual(['DisclosureRequested'])
})
test('[C23] withholding needs an exemption and an approver', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, notification: { decision: 'WITHHOLD' } }, facts))
    .thenRefused({ code: 'WITHHOLD_WITHOUT_EXEMPTION', also: [] }))
test('[C23] and a row that allows it', () =>
  given(...held)
    .when(shareData.decide({ ...toStars, notification: { decision: 'WITHHOLD', exemption: 'SCH2-2', approver: 'dpo' } }, facts))
    .thenRefused({ code: 'WITHHOLD_WITHOUT_EXEMPTION', also: [] }))
test('safeguarding is never refused by paperwork: it is sent, and the paperwork is reviewed', () => {
  const events = given(...held)
    .when(
      shareData.decide(
        { ...toPolice, legalProvision: undefined, urgency: 'IMMEDIATE' },
        { ...facts, policy: { ...sharingPolicy, policyDocumentInForce: false } },
      ),
    )
    .events()
  expect(events[1]).toMatchObject({
    type: 'DataShared',
    data: { reviewItems: ['LEGAL_PROVISION_MISSING', 'APPROPRIATE_POLICY_DOCUMENT_MISSING', 'APPROVAL_DPO'] },
  })
})
test('an immediate disclosure of what may not be shared at all is still refused', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, fields: ['HLT.summary'], urgency: 'IMMEDIATE' }, facts))
    .thenRefused({ code: 'MINIMUM_NECESSARY_EXCEEDED', also: [] }))

const dispatching = { disclosureId, subjectRef }
const wasShared = examples.DataShared
/** What leaves rests on what was shared. */
const ground = { purpose: wasShared.data.purpose, basis: wasShared.data.basis }
test('what was shared goes out once', () => {
  given(...held, granted, wasShared)
    .when(recordDispatch(dispatching, 'STAFF', examples.DisclosureDispatched.data.at))
    .then({ ...examples.DisclosureDispatched, ...ground })
  given(...held, granted, wasShared, examples.DisclosureDispatched)
    .when(recordDispatch(dispatching, 'STAFF', now))
    .thenNothing()
})
test('[C32] it does not, where the consent was withdrawn between the record and the sending', () =>
  given(...held, granted, wasShared, withdrawn)
    .when(cancelPending(dispatching, examples.PendingDisclosureCancelled.data.at))
    .then({ ...examples.PendingDisclosureCancelled, ...ground }))
test('[C17] nor where the person was erased', () => {
  expect(whyNotToSend(given(...held, granted, wasShared, fenced).state, disclosureId, now)).toBe('SUBJECT_ERASED')
})
test('[C31] nor where the consent ran out', () => {
  expect(whyNotToSend(given(...held, granted, wasShared).state, disclosureId, '2027-11-01T09:00:00.000Z')).toBe('CONSENT_EXPIRED')
})
test('[C32] what went out before a withdrawal stays lawful', () =>
  given(...held, granted, wasShared, examples.DisclosureDispatched, withdrawn)
    .when(cancelPending(dispatching, now))
    .thenNothing())
test('a failure is on record once, and it is tried again', () => {
  given(...held, granted, wasShared)
    .when(recordFailure(dispatching, 'STAFF', examples.DisclosureDispatchFailed.data.at))
    .then({ ...examples.DisclosureDispatchFailed, ...ground })
  given(...held, granted, wasShared, examples.DisclosureDispatchFailed)
    .when(recordFailure(dispatching, 'STAFF', now))
    .thenNothing()
  expect(isPending(given(...held, granted, wasShared, examples.DisclosureDispatchFailed).state, disclosureId)).toBe(true)
})

const waiting = given(...held)
  .when(shareData.decide(toStars, facts))
  .events()[0] as typeof requested
const another: Actor = { id: '00000000-0000-4000-8000-000000000002' as StaffRef, role: 'dpo' }
const approving = (actor: Actor = another, may = true) => ({ ...facts, actor, mayApprove: () => may })
const decide = (decision: 'AUTHORISED' | 'REFUSED', by = approving()) =>
  authoriseDisclosure.decide({ disclosureId, subjectRef, decision }, by)
test('a row with an approver waits for the approver, who shares it', () => {
  expect(waiting.type).toBe('DisclosureRequested')
  expect(
    typesOf(
      given(...held, waiting)
        .when(decide('AUTHORISED'))
        .events(),
    ),
  ).toEqual(['DisclosureAuthorised', 'DataShared'])
})
test('whoever may not approve this one neither shares nor refuses it', () => {
  const stranger = approving(another, false)
  for (const decision of ['AUTHORISED', 'REFUSED'] as const) {
    given(...held, waiting)
      .when(decide(decision, stranger))
      .thenRefused({ code: 'ROLE_NOT_PERMITTED' })
  }
})
test('[C04] its events carry the disclosure’s own purpose and basis', () => {
  const ground = { purpose: 'JOINT_CARE', basis: { art6: 'f' } }
  expect(
    given(...held)
      .when(shareData.decide(toStars, facts))
      .events(),
  ).toMatchObject([ground])
  expect(
    given(...held, waiting)
      .when(decide('AUTHORISED'))
      .events(),
  ).toMatchObject([ground, ground])
  expect(
    given(...held, waiting)
      .when(decide('REFUSED'))
      .events(),
  ).toMatchObject([ground])
  expect(share().events()).toMatchObject([{ purpose: 'EMPLOYMENT_SUPPORT', basis: { art6: 'a' } }, { purpose: 'EMPLOYMENT_SUPPORT' }])
})
test('nobody approves their own request', () =>
  given(...held, waiting)
    .when(decide('AUTHORISED', approving(somebody)))
    .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' }))
test('whoever else asked', () => {
  const asked = happened(waiting, { actor: another })
  given(...held, asked)
    .when(decide('REFUSED'))
    .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
})
test('the rules are judged again when it is approved', () =>
  given(...held, waiting, examples.EligibilityRefused)
    .when(decide('AUTHORISED'))
    .thenRefused({ code: 'NOT_IN_STARS_SERVICE', also: [] }))
test('it is decided once', () => {
  const [authorised, shared] = given(...held, waiting)
    .when(decide('AUTHORISED'))
    .events()
  given(...held, waiting, authorised!, shared!)
    .when(decide('REFUSED'))
    .thenRefused({ code: 'DISCLOSURE_NOT_PENDING' })
})

describe('[C22] a citation', () => {
  test.each([
    'act',
    'Order 2013',
    'Civil Procedure Regulation 3',
    'The Prison Rules 1999',
    'Rule 40 of the Prison Rules',
    'UK GDPR',
    'DPA',
    'section 115',
    'para 2',
    'Sch 2',
    'Schedule 2',
    'Art 6(1)(c)',
    'Article 6',
    's.170',
    's 170',
    's. 4',
    's4 of it',
    'a1999x 1999',
    'law of 2026',
    `Act ${'a'.repeat(116)}`,
    'Act/Order [2020] EWCA; ’x’, §¶–-&:',
  ])('%s', text => {
    expect(isCitation(text)).toBe(true)
  })
  test.each([
    undefined,
    '',
    'Perpetua',
    'factory',
    'actor',
    'an artist',
    'schooled',
    'parade',
    'ruler',
    'dpao',
    'orders',
    '999',
    '3000',
    '21000 of them',
    '1988',
    '9 Act',
    ' Act 1988',
    '(Act 1988)',
    'Act_1988',
    'Act "1988"',
    'Act 1988 = 2',
    'Act\n1988',
    'Act 1988!',
    `Act ${'a'.repeat(117)}`,
    'Act 123456',
    'Act 12 34 56',
    'Act 1988 for NE8 1AA',
    'Act 1988 for NE81AA',
    'Act 1988 for ne8 1aa',
    'Act 1988 for W1A 1AA',
    'Act 1988 for EC1A 1BB',
    'Act 1988 for M1 1AE',
  ])('“%s” is none', text => {
    expect(isCitation(text)).toBe(false)
  })
  test('five digits are no telephone number', () => {
    expect([isCitation('Act 12345'), isCitation('SI 2026/82 Order')]).toEqual([true, true])
  })
})
