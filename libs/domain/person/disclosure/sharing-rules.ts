import { type Category, categories } from '#event-kit/scope'
import type { RefusalCode } from '#kernel/refusals'
import { consentKey } from '../consent/consents.js'
import type { Person } from '../person.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import { type ConfidentialityBasis, type NotificationDecision, type Urgency, confidentialityBases, isCitation } from './events.js'
import type { MatrixRow, SharingPolicy } from './matrix-row.js'

export type Basis = {
  readonly art6: string
  readonly art9?: string | undefined
  readonly sch1?: string | undefined
  readonly provision?: string | undefined
}
/** The whole judgement: every rule that fails, in the order in which they are asked, and what would be allowed. */
export type Judgement = {
  readonly row?: MatrixRow
  readonly basis?: Basis
  readonly failures: readonly SharingRefusal[]
  readonly fieldsPermitted: readonly string[]
  readonly informDecision?: NotificationDecision
  readonly consentEventId?: string
  readonly consentFormVersion?: string
}

export const sharingRefusals = [
  'RECIPIENT_NOT_IN_MATRIX',
  'RECIPIENT_DISPUTED',
  'PURPOSE_NOT_REGISTERED',
  'PURPOSE_INCOMPATIBLE',
  'NOT_IN_STARS_SERVICE',
  'CJ_INTERVENTION_NOT_ACTIVE',
  'NO_ACTIVE_CJ_ORDER',
  'NO_CUSTODY_TRIGGER',
  'NOT_SUBJECT_TO_PANEL',
  'RISK_BASIS_MISSING',
  'COURT_ORDER_REFERENCE_MISSING',
  'LEGAL_PROVISION_MISSING',
  'CONSENT_NOT_GRANTED',
  'CONSENT_WITHDRAWN',
  'CONSENT_EXPIRED',
  'CONSENT_SCOPE_EXCEEDED',
  'PHE_CONSENT_FORM_REQUIRED',
  'APPROPRIATE_POLICY_DOCUMENT_MISSING',
  'MINIMUM_NECESSARY_EXCEEDED',
  'FIELD_NOT_HELD',
  'CONFIDENTIALITY_BASIS_MISSING',
  'WITHHOLD_WITHOUT_EXEMPTION',
  'LIA_MISSING_OR_EXPIRED',
] as const satisfies readonly RefusalCode[]
export type SharingRefusal = (typeof sharingRefusals)[number]

/** Paperwork that `urgency: IMMEDIATE` goes ahead of, on a row that allows it; each becomes a review item. */
const paperwork: readonly SharingRefusal[] = [
  'LEGAL_PROVISION_MISSING',
  'APPROPRIATE_POLICY_DOCUMENT_MISSING',
  'LIA_MISSING_OR_EXPIRED',
  'RISK_BASIS_MISSING',
]
export const goesAhead = ({ row, failures }: Judgement, urgency: Urgency) =>
  urgency === 'IMMEDIATE' && row?.immediate === true && failures.every(code => paperwork.includes(code))

const preconditionRefusal = {
  CJ_INTERVENTION: 'CJ_INTERVENTION_NOT_ACTIVE',
  CJ_ORDER: 'NO_ACTIVE_CJ_ORDER',
  CUSTODY: 'NO_CUSTODY_TRIGGER',
  PANEL: 'NOT_SUBJECT_TO_PANEL',
  RISK: 'RISK_BASIS_MISSING',
} as const

/** C22 to C36: judges a disclosure by the recipient matrix. First failure wins; all failures are told. */
export function judgeSharing(person: Person, asked: DisclosureAsked, policy: SharingPolicy, now: string): Judgement {
  const row = policy.rows.get(asked.recipient)
  const failures: SharingRefusal[] = []
  if (!row) failures.push('RECIPIENT_NOT_IN_MATRIX')
  if (row?.disputed) failures.push('RECIPIENT_DISPUTED')
  if (!policy.purposes.has(asked.purpose)) failures.push('PURPOSE_NOT_REGISTERED')
  if (!row || row.disputed) {
    if (asked.fields.some(field => !person.held.has(field))) failures.push('FIELD_NOT_HELD')
    if (!namesConfidentiality(asked)) failures.push('CONFIDENTIALITY_BASIS_MISSING')
    return { failures, fieldsPermitted: [] }
  }
  if (policy.purposes.has(asked.purpose) && !row.purposes.includes(asked.purpose)) failures.push('PURPOSE_INCOMPATIBLE')

  const basis = basisOf(row, asked)
  failures.push(...preconditionFailures(person, row, asked))
  if (basis.art6 === 'c' && !citesTheLaw(row, asked)) failures.push('LEGAL_PROVISION_MISSING')
  const consent = consentFailures(person, row, asked, now)
  failures.push(...consent.failures)
  if (row.needsPolicyDocument && !policy.policyDocumentInForce) failures.push('APPROPRIATE_POLICY_DOCUMENT_MISSING')

  const fieldsPermitted = row.fields.filter(
    field => row.form === 'NONE' || consent.categories.has(categoryOf(field)) || categoryOf(field) === 'ID',
  )
  failures.push(...minimumFailures(row, asked))
  if (asked.fields.some(field => !person.held.has(field))) failures.push('FIELD_NOT_HELD')
  if (!namesConfidentiality(asked)) failures.push('CONFIDENTIALITY_BASIS_MISSING')
  if (!notificationHolds(row, asked)) failures.push('WITHHOLD_WITHOUT_EXEMPTION')
  if (basis.art6 === 'f' && !policy.assessmentInDate) failures.push('LIA_MISSING_OR_EXPIRED')
  const informDecision = asked.notification?.decision ?? row.inform[0]
  return {
    row,
    basis,
    failures,
    fieldsPermitted: fieldsPermitted.filter(field => person.held.has(field)),
    ...(informDecision ? { informDecision } : {}),
    ...(consent.eventId ? { consentEventId: consent.eventId } : {}),
    ...(consent.formVersion ? { consentFormVersion: consent.formVersion } : {}),
  }
}

const namesConfidentiality = ({ confidentialityBasis }: DisclosureAsked) =>
  confidentialityBases.includes(confidentialityBasis as ConfidentialityBasis)
const categoryOf = (field: string) => field.slice(0, field.indexOf('.'))
/** A court's order is itself the provision; anything else is cited as an Act, year and section. */
const citesTheLaw = ({ precondition }: MatrixRow, { legalProvision, hasOrderReference }: DisclosureAsked) =>
  (precondition === 'COURT_ORDER' && hasOrderReference) || isCitation(legalProvision)

/** LEGAL_DUTY claims the law as basis; otherwise a row that offers another basis than (c) rests on that one. */
function basisOf(row: MatrixRow, { confidentialityBasis, legalProvision }: DisclosureAsked): Basis {
  const other = row.art6.find(basis => basis !== 'c')
  const claimsTheLaw =
    row.art6.includes('c') && (confidentialityBasis === 'LEGAL_DUTY' || legalProvision !== undefined || other === undefined)
  const provision = isCitation(legalProvision) ? { provision: legalProvision } : {}
  return {
    art6: claimsTheLaw ? 'c' : (other ?? 'c'),
    ...(row.art9 ? { art9: row.art9 } : {}),
    ...(row.sch1 ? { sch1: row.sch1 } : {}),
    ...provision,
  }
}

function preconditionFailures(
  person: Person,
  { precondition }: MatrixRow,
  { hasOrderReference }: DisclosureAsked,
): readonly SharingRefusal[] {
  switch (precondition) {
    case 'NONE':
      return []
    case 'STARS':
      return person.intake.stars === 'REFUSED' ? ['NOT_IN_STARS_SERVICE'] : []
    case 'COURT_ORDER':
      return hasOrderReference ? [] : ['COURT_ORDER_REFERENCE_MISSING']
    // The facts behind these are recorded from a later release on; until then nothing is on record, and the answer is no.
    case 'CJ_INTERVENTION':
    case 'CJ_ORDER':
    case 'CUSTODY':
    case 'PANEL':
    case 'RISK':
      return [preconditionRefusal[precondition]]
  }
}

function consentFailures(person: Person, row: MatrixRow, asked: DisclosureAsked, now: string) {
  const none = { failures: [] as readonly SharingRefusal[], categories: new Set<string>(), eventId: undefined, formVersion: undefined }
  if (row.form === 'NONE') return none
  const consent = person.consents.get(consentKey(asked.recipient, asked.purpose))
  const failing = (code: SharingRefusal) => ({ ...none, failures: [code] })
  if (row.form === 'PHE' && consent?.form !== 'PHE') return failing('PHE_CONSENT_FORM_REQUIRED')
  if (!consent || consent.state === 'REFUSED' || consent.form !== row.form) return failing('CONSENT_NOT_GRANTED')
  if (consent.state === 'WITHDRAWN') return failing('CONSENT_WITHDRAWN')
  if (consent.validUntil !== undefined && Date.parse(consent.validUntil) <= Date.parse(now)) return failing('CONSENT_EXPIRED')
  const covered = new Set<string>(consent.categories)
  // Whom the data is about has to be said: the row's minimum of identity goes with every consent to share.
  const beyond = asked.categories.some(category => category !== 'ID' && !covered.has(category))
  return {
    ...none,
    failures: beyond ? ['CONSENT_SCOPE_EXCEEDED' as const] : [],
    categories: covered,
    eventId: consent.eventId,
    formVersion: consent.formVersion,
  }
}

/** C24 */
function minimumFailures(row: MatrixRow, asked: DisclosureAsked): readonly SharingRefusal[] {
  const inCategories = asked.fields.every(field => asked.categories.includes(categoryOf(field)))
  const permitted =
    asked.categories.every(category => categories.includes(category as Category) && row.categories.includes(category as Category))
    && asked.fields.every(field => row.fields.includes(field))
  return inCategories && permitted ? [] : ['MINIMUM_NECESSARY_EXCEEDED']
}

/** C23: withholding needs a row that allows it, a named exemption and an approver. */
function notificationHolds(row: MatrixRow, { notification }: DisclosureAsked) {
  if (notification?.decision !== 'WITHHOLD') return true
  return row.inform.includes('WITHHOLD') && notification.exemption !== undefined && notification.approver !== undefined
}
