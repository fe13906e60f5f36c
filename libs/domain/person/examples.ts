import { ErasureFenced, KeyRetired, SubjectKeyCreated, SubjectKeyDestroyed } from '#event-kit/key-events'
import { erasableScopes } from '#event-kit/scope'
import type { ErasureId, KeyId, SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { ConsentGranted, ConsentRefused, ConsentWithdrawn } from './consent/events.js'
import { HealthDataRecorded, PersonalDetailsRecorded } from './details/events.js'
import {
  DataShared,
  DisclosureAuthorised,
  DisclosureDispatchFailed,
  DisclosureDispatched,
  DisclosureRefused,
  DisclosureRequested,
  PendingDisclosureCancelled,
} from './disclosure/events.js'
import type { MatrixRow, SharingPolicy } from './disclosure/sharing-rules.js'
import {
  ErasureApproved,
  ErasureCompleted,
  ErasureRefused,
  ErasureRequested,
  ProjectionPurgeConfirmed,
  ReferralErased,
} from './erasure/events.js'
import { EligibilityConfirmed, EligibilityRefused, ReferralReceived, ServiceDeclined, ServiceWishConfirmed } from './intake/events.js'
import type { PersonEvent } from './person.js'

/** An invented person and everything that can happen to them: what specs, golden files and the compiler agree on. */
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as never
export const subjectRef = uuid(1) as SubjectRef
export const erasureId = uuid(2) as ErasureId
export const kid = uuid(3) as KeyId
const at = '2026-11-01T09:00:00.000Z'
const referralId: Parameters<typeof ReferralReceived.of>[0]['referralId'] = uuid(4)
export const disclosureId: Parameters<typeof DataShared.of>[0]['disclosureId'] = uuid(5)
export const requestId: Parameters<typeof ErasureRequested.of>[0]['requestId'] = uuid(6)
export const staffConcerned: Parameters<typeof ErasureRequested.of>[0]['concernsStaff'][number] = uuid(7)
const text = (words: string) => Personal.of(words)
const digest = 'A'.repeat(43)

const wish = { referralId, subjectRef, channel: 'PHONE', note: text('said so twice') } as const
const evidence = { referralId, subjectRef, evidenceType: 'STARS_LETTER', checkedAt: at }
const row = {
  subjectRef,
  formId: uuid(8),
  form: 'SHARING',
  formVersion: 'SCF-1',
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  method: 'VERBAL_WITNESSED',
  completedAt: at,
  evidence: Personal.of({ witness: 'Imre Vasquez-Hale' }),
} as const
const request = {
  disclosureId,
  subjectRef,
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  method: 'SECURE_EMAIL',
  confidentialityBasis: 'CONSENT',
  urgency: 'ROUTINE',
  notification: { decision: 'WITHHOLD', exemption: 'SCH2-2', approver: 'dpo', reviewOn: '2026-12-01' },
  basis: { art6: 'a', art9: '9-2-a', sch1: 'para-2', provision: 'Road Traffic Act 1988 s.4' },
  matrixVersion: 'DEMO-1',
} as const
const words = {
  necessity: text('To arrange an interview.'),
  recipientContact: text('Odalys Brandt'),
  orderReference: text('case of O. B.'),
}
const decided = {
  requestId,
  subjectRef,
  consequenceExplainedAt: at,
  perScope: [{ scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }],
  reasons: text('a claim is open'),
} as const
const certificate = {
  erasureId,
  certificateId: uuid(9),
  subjectRef,
  scopes: erasableScopes,
  kids: [kid],
  projections: ['case-view'],
  purgedTo: '42',
  completedAt: at,
  copiesUnreadableBy: '2026-12-01T09:00:00.000Z',
  verification: { keysFound: 0, indexRowsFound: 0, sealedValuesFound: 0, ciphertextsTried: 3, ciphertextsOpened: 0 },
} as const
const details = { subjectRef, provenance: 'PERSON' } as const

/** One example of every event of a person, every optional field filled. */
export const examples = {
  ReferralReceived: ReferralReceived.of({
    referralId,
    subjectRef,
    source: 'DWP-JCP',
    channel: 'EMAIL',
    serviceArea: 'GATESHEAD',
    receivedAt: at,
    wish: 'UNKNOWN',
    wishClaimed: 'YES',
    confirmedNotDuplicate: false,
    person: {
      name: text('Perpetua Vantongeren'),
      dateOfBirth: text('1987-04-03'),
      nhsNumber: text('9990000018'),
      phone: text('07700 900142'),
      email: text('perpetua@example.invalid'),
      address: text('1 Nowhere Row'),
    },
    reason: text('wants warehouse work'),
  }),
  ServiceWishConfirmed: ServiceWishConfirmed.of(wish),
  ServiceDeclined: ServiceDeclined.of({ ...wish, declinedBy: 'PERSON' }),
  EligibilityConfirmed: EligibilityConfirmed.of({ ...evidence, validUntil: '2026-11-29T09:00:00.000Z' }),
  EligibilityRefused: EligibilityRefused.of(evidence),
  PersonalDetailsRecorded: PersonalDetailsRecorded.of({
    ...details,
    category: 'EMP',
    fieldCodes: ['EMP.status'],
    values: { status: Personal.of('UNEMPLOYED') },
  }),
  HealthDataRecorded: HealthDataRecorded.of({
    ...details,
    category: 'HLT',
    fieldCodes: ['HLT.summary'],
    values: { summary: Personal.of('in recovery') },
  }),
  ConsentGranted: ConsentGranted.of({ ...row, validUntil: '2027-11-01T09:00:00.000Z' }),
  ConsentRefused: ConsentRefused.of(row),
  ConsentWithdrawn: ConsentWithdrawn.of({
    subjectRef,
    recipient: 'DWP-JCP',
    purpose: 'EMPLOYMENT_SUPPORT',
    channel: 'PHONE',
    withdrawnAt: at,
  }),
  DisclosureRequested: DisclosureRequested.of({ ...request, ...words }),
  DisclosureAuthorised: DisclosureAuthorised.of({ disclosureId, subjectRef, approver: 'NONE', reasons: text('within the matrix') }),
  DisclosureRefused: DisclosureRefused.of({ disclosureId, subjectRef, reasons: text('not needed') }),
  DataShared: DataShared.of({
    ...request,
    ...words,
    recipientName: 'Jobcentre Plus',
    destinationCountry: 'GB',
    sentAt: at,
    itemCount: 1,
    sealedDigest: digest,
    consentEventId: uuid(10),
    consentFormVersion: 'SCF-1',
    requested: false,
    reviewItems: [],
  }),
  DisclosureDispatched: DisclosureDispatched.of({ disclosureId, subjectRef, transport: 'STAFF', at }),
  DisclosureDispatchFailed: DisclosureDispatchFailed.of({ disclosureId, subjectRef, transport: 'STAFF', at }),
  PendingDisclosureCancelled: PendingDisclosureCancelled.of({ disclosureId, subjectRef, reason: 'CONSENT_WITHDRAWN', at }),
  ErasureRequested: ErasureRequested.of({
    requestId,
    subjectRef,
    channel: 'EMAIL',
    receivedAt: at,
    grounds: 'CONSENT_WITHDRAWN',
    regime: 'ART_12A',
    due: '2026-12-01',
    rule: 'ART12-3-ONE-MONTH',
    calendarVersion: 'DEMO-1',
    concernsStaff: [staffConcerned],
    words: text('erase me'),
  }),
  ErasureApproved: ErasureApproved.of({ ...decided, erasureId, extent: 'ALL', scopes: erasableScopes }),
  ErasureRefused: ErasureRefused.of(decided),
  ProjectionPurgeConfirmed: ProjectionPurgeConfirmed.of({ erasureId, subjectRef, projections: ['case-view'], position: '42' }),
  ErasureCompleted: ErasureCompleted.of({
    ...certificate,
    requestId,
    extent: 'ALL',
    notices: 'OUTSTANDING',
    paper: 'OUTSTANDING',
    archive: 'NOT_APPLICABLE',
    processors: 'OUTSTANDING',
  }),
  ReferralErased: ReferralErased.of({
    ...certificate,
    referralId,
    source: 'DWP-JCP',
    receivedAt: at,
    declinedAt: at,
    rule: 'C13',
    notices: 'NOT_APPLICABLE',
  }),
  SubjectKeyCreated: SubjectKeyCreated.of({ subjectRef, kid, scope: 'REF', generation: 1, kc: digest }),
  ErasureFenced: ErasureFenced.of({ subjectRef, erasureId, extent: 'ALL', scopes: erasableScopes, kids: [kid], cause: 'ART17-APPROVED' }),
  SubjectKeyDestroyed: SubjectKeyDestroyed.of({ subjectRef, kid, scope: 'REF', erasureId, destroyedAt: at }),
  KeyRetired: KeyRetired.of({ subjectRef, kid, scope: 'EMP', cause: 'COMPROMISED', retiredAt: at }),
} satisfies { readonly [T in PersonEvent['type']]: Extract<PersonEvent, { type: T }> }

const matrixRow = (one: Partial<MatrixRow> & Pick<MatrixRow, 'recipient' | 'purposes' | 'art6' | 'categories' | 'fields'>): MatrixRow => ({
  name: one.recipient,
  disputed: false,
  form: 'NONE',
  inform: ['INFORM_BEFORE'],
  precondition: 'NONE',
  approver: 'TEAM_LEADER',
  immediate: false,
  needsPolicyDocument: false,
  ...one,
})
/** A small recipient matrix with a row of each kind. */
export const sharingPolicy: SharingPolicy = {
  matrixVersion: 'SPEC-1',
  assessmentInDate: true,
  policyDocumentInForce: true,
  purposes: new Set(['EMPLOYMENT_SUPPORT', 'JOINT_CARE', 'CRIME_REPORT', 'COURT_ORDER', 'PHE_LINKAGE']),
  rows: new Map(
    [
      matrixRow({
        recipient: 'DWP-JCP',
        purposes: ['EMPLOYMENT_SUPPORT'],
        art6: ['a'],
        form: 'SHARING',
        categories: ['ID', 'EMP', 'HLT'],
        fields: ['ID.name', 'EMP.status', 'HLT.summary'],
        approver: 'NONE',
      }),
      matrixRow({
        recipient: 'STARS',
        purposes: ['JOINT_CARE'],
        art6: ['f'],
        categories: ['ID', 'EMP'],
        fields: ['ID.name', 'EMP.status'],
        precondition: 'STARS',
      }),
      matrixRow({
        recipient: 'POL-CRIME',
        purposes: ['CRIME_REPORT'],
        art6: ['c', 'ea'],
        categories: ['ID'],
        fields: ['ID.name'],
        inform: ['INFORM_BEFORE', 'WITHHOLD'],
        approver: 'DPO',
        immediate: true,
        needsPolicyDocument: true,
      }),
      matrixRow({
        recipient: 'COURT',
        purposes: ['COURT_ORDER'],
        art6: ['c'],
        categories: ['ID'],
        fields: ['ID.name'],
        precondition: 'COURT_ORDER',
        approver: 'DPO',
      }),
      matrixRow({
        recipient: 'PHE-RAW',
        purposes: ['PHE_LINKAGE'],
        art6: ['a'],
        form: 'PHE',
        categories: ['ID'],
        fields: ['ID.name'],
        approver: 'NONE',
      }),
      matrixRow({ recipient: 'RSC', purposes: [], art6: ['f'], categories: [], fields: [], disputed: true }),
    ].map(one => [one.recipient, one]),
  ),
}
