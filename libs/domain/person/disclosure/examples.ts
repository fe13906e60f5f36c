import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { disclosureId, subjectRef } from '../invented.js'
import {
  DataShared,
  DisclosureAuthorised,
  DisclosureDispatchFailed,
  DisclosureDispatched,
  type DisclosureEvent,
  DisclosureRefused,
  DisclosureRequested,
  PendingDisclosureCancelled,
} from './events.js'
import type { MatrixRow, SharingPolicy } from './matrix-row.js'

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
  notification: { decision: 'WITHHOLD', exemption: 'SCH2-2', exemptions: 'SPEC-1', approver: 'dpo', reviewOn: '2026-12-01' },
  basis: {
    art6: 'a',
    annex1: 'para-5',
    art9: '9-2-a',
    sch1: 'para-2',
    citation: { instrument: 'ACT', title: 'Road Traffic Act', year: 1988, provision: 's.4' },
    provision: 'Road Traffic Act 1988 s.4',
  },
  requiredFields: ['EMP.status'],
  protects: false,
  matrixVersion: 'DEMO-1',
} as const
const words = {
  necessity: Personal.of('To arrange an interview.'),
  recipientContact: Personal.of('Odalys Brandt'),
  orderReference: Personal.of('case of O. B.'),
  victimPeriod: { from: '2026-01-01', until: '2026-02-01' },
  victimForm: Personal.of('form VIR-1, signed'),
  victimReason: Personal.of('what Odalys said of the night'),
  probativeValue: Personal.of('nobody else saw Odalys'),
}

/** One example of every event of this concern, every optional field filled. */
export const disclosureExamples = {
  DisclosureRequested: DisclosureRequested.of({ ...request, ...words }),
  DisclosureAuthorised: DisclosureAuthorised.of({ disclosureId, subjectRef, approver: 'NONE', reasons: Personal.of('within the matrix') }),
  DisclosureRefused: DisclosureRefused.of({ disclosureId, subjectRef, reasons: Personal.of('not needed') }),
  DataShared: DataShared.of({
    ...request,
    ...words,
    recipientName: 'Jobcentre Plus',
    destinationCountry: 'GB',
    sentAt: at,
    itemCount: 1,
    sealedDigest: 'A'.repeat(43),
    consentEventId: inventedId(10),
    consentFormVersion: 'SCF-1',
    requested: false,
    reviewItems: [],
  }),
  DisclosureDispatched: DisclosureDispatched.of({ disclosureId, subjectRef, transport: 'STAFF', at }),
  DisclosureDispatchFailed: DisclosureDispatchFailed.of({ disclosureId, subjectRef, transport: 'STAFF', at }),
  PendingDisclosureCancelled: PendingDisclosureCancelled.of({
    disclosureId,
    subjectRef,
    reason: 'CONSENT_WITHDRAWN',
    because: ['CONSENT_WITHDRAWN'],
    at,
  }),
} satisfies ExampleOfEach<DisclosureEvent>

const matrixRow = (one: Partial<MatrixRow> & Pick<MatrixRow, 'recipient' | 'purposes' | 'art6' | 'categories' | 'fields'>): MatrixRow => ({
  name: one.recipient,
  disputed: false,
  form: 'NONE',
  inform: ['INFORM_BEFORE'],
  precondition: 'NONE',
  approver: 'TEAM_LEADER',
  immediate: false,
  needsPolicyDocument: false,
  minimum: one.fields.filter(field => field === 'ID.name'),
  fieldsNamedBy: 'MATRIX',
  competentAuthority: false,
  protects: false,
  ...one,
})
/** A small recipient matrix with a row of each kind. */
export const sharingPolicy: SharingPolicy = {
  matrixVersion: 'SPEC-1',
  exemptions: { version: 'SPEC-1', codes: new Set(['SCH2-2']) },
  isAssessed: () => true,
  hasPolicyDocument: () => true,
  noticeNamesRecognisedInterests: true,
  purposes: new Set(['EMPLOYMENT_SUPPORT', 'JOINT_CARE', 'CRIME_REPORT', 'COURT_ORDER', 'PHE_LINKAGE']),
  rows: new Map(
    [
      matrixRow({
        recipient: 'DWP-JCP',
        purposes: ['EMPLOYMENT_SUPPORT'],
        art6: ['a'],
        art9: '9-2-a',
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
        annex1: 'para-5',
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
        fieldsNamedBy: 'REQUIREMENT',
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
