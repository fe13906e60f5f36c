import { specFor } from '#decider/spec'
import { examples } from '../examples.js'
import { disclosureId, subjectRef } from '../invented.js'
import { type PersonEvent, person } from '../person.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import { sharingPolicy } from './examples.js'
import type { MatrixRow, SharingPolicy } from './matrix-row.js'
import { type ShareData, type SharingFacts, shareData } from './share-data.js'
import { judgeSharing } from './sharing-rules.js'

/** What the specs of disclosures have in common: one person of whom something is held, and what is asked about them. */
export const { given } = specFor(person)
const { ReferralReceived: received, PersonalDetailsRecorded: recorded, HealthDataRecorded: health, ConsentGranted: granted } = examples
export const held = [received, recorded, health] as const
export const now = '2026-11-02T10:00:00.000Z'
export const facts: SharingFacts = { policy: sharingPolicy, now, digest: () => 'D'.repeat(43) }
export const toDwp: ShareData = {
  disclosureId,
  subjectRef,
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  method: 'SECURE_EMAIL',
  urgency: 'ROUTINE',
  confidentialityBasis: 'CONSENT',
  necessity: examples.DisclosureRequested.data.necessity,
}
export const toStars: ShareData = { ...toDwp, recipient: 'STARS', purpose: 'JOINT_CARE', confidentialityBasis: 'IMPLIED_DIRECT_CARE' }
export const toPolice: ShareData = {
  ...toDwp,
  recipient: 'POL-CRIME',
  purpose: 'CRIME_REPORT',
  categories: ['ID'],
  fields: ['ID.name'],
  confidentialityBasis: 'LEGAL_DUTY',
  legalProvision: { instrument: 'ACT', title: 'Road Traffic Act', year: 1988, provision: 's.170' },
}
export const toCourt: ShareData = {
  ...toPolice,
  recipient: 'COURT',
  purpose: 'COURT_ORDER',
  legalProvision: undefined,
  orderReference: examples.DisclosureRequested.data.necessity,
  requiredFields: ['ID.name'],
}
/** Somebody shares, after a consent that covers it. */
export const share = (change: Partial<ShareData> = {}, ...more: PersonEvent[]) =>
  given(...held, granted, ...more).when(shareData.decide({ ...toDwp, ...change }, facts))
export const typesOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type)

export const recipient = 'DWP-JCP'
/** A row that allows what is asked below, and every rule of which can be changed by itself. */
export const plain: MatrixRow = {
  recipient,
  name: 'Jobcentre Plus',
  disputed: false,
  purposes: ['EMPLOYMENT_SUPPORT'],
  art6: ['ea'],
  annex1: 'para-6',
  art9: '9-2-h',
  form: 'NONE',
  categories: ['ID', 'EMP', 'HLT'],
  fields: ['ID.name', 'EMP.status', 'EMP.skills', 'HLT.summary'],
  inform: ['INFORM_BEFORE'],
  precondition: 'NONE',
  approver: 'NONE',
  immediate: false,
  needsPolicyDocument: false,
  minimum: ['ID.name'],
  fieldsNamedBy: 'MATRIX',
  competentAuthority: false,
  protects: false,
}
const ask: DisclosureAsked = {
  recipient,
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  confidentialityBasis: 'CONSENT',
  hasOrderReference: false,
  urgency: 'ROUTINE',
}
type Change = {
  readonly row?: Partial<MatrixRow>
  readonly asked?: Partial<DisclosureAsked>
  readonly policy?: Partial<SharingPolicy>
  readonly past?: readonly PersonEvent[]
  readonly at?: string
}
export const judged = ({ row, asked, policy, past = held, at = now }: Change = {}) =>
  judgeSharing(
    given(...past).state,
    { ...ask, ...asked },
    { ...sharingPolicy, rows: new Map([[recipient, { ...plain, ...row }]]), ...policy },
    at,
  )
export const failures = (change: Change) => judged(change).failures
