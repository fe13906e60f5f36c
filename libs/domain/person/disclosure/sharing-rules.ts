import { type Category, categories, categoryOf } from '#event-kit/scope'
import type { Person } from '../person.js'
import { type Basis, basisOf, citationFailures, conditionFailures } from './basis-rules.js'
import { consentCoverage } from './consent-coverage.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import { type ConfidentialityBasis, type NotificationDecision, type Urgency, confidentialityBases } from './events.js'
import type { MatrixRow, SharingPolicy } from './matrix-row.js'
import { type SharingRefusal, paperwork } from './sharing-refusals.js'
import { type StandingFacts, hasCustodyTrigger, hasRiskBasis, isListedWith, stands } from '../standing/facts.js'
import { isEnough } from './victim-request.js'

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

export const goesAhead = ({ row, failures }: Judgement, urgency: Urgency) =>
  urgency === 'IMMEDIATE' && row?.immediate === true && failures.every(code => paperwork.includes(code))

/** C23: a withholding is approved by whoever may approve one, whatever the row says. */
export const needsApproval = ({ row, informDecision }: Judgement) => row?.approver !== 'NONE' || informDecision === 'WITHHOLD'

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

  const basis = basisOf(row, asked, now)
  const { failures: ofConsent, opens, ...consent } = consentCoverage(person, row, asked, now)
  failures.push(
    ...preconditionFailures(person, row, asked, now),
    ...citationFailures(row, asked, basis),
    ...ofConsent,
    ...conditionFailures(row, asked, basis, policy),
    ...(asked.categories.includes('HLT') && !policy.healthOverseen ? (['NO_HEALTH_PROFESSIONAL_OVERSIGHT'] as const) : []),
    ...minimumFailures(row, asked),
  )
  if (asked.fields.some(field => !person.held.has(field))) failures.push('FIELD_NOT_HELD')
  if (!namesConfidentiality(asked)) failures.push('CONFIDENTIALITY_BASIS_MISSING')
  if (!notificationHolds(row, asked, policy)) failures.push('WITHHOLD_WITHOUT_EXEMPTION')
  if (basis.art6 === 'f' && !policy.isAssessed(asked.purpose)) failures.push('LIA_MISSING_OR_EXPIRED')
  const informDecision = asked.notification?.decision ?? row.inform[0]
  return {
    row,
    basis,
    failures,
    fieldsPermitted: row.fields.filter(field => opens(field) && isRequired(row, asked, field) && person.held.has(field)),
    ...(informDecision ? { informDecision } : {}),
    ...consent,
  }
}

const namesConfidentiality = ({ confidentialityBasis }: DisclosureAsked) =>
  confidentialityBases.includes(confidentialityBasis as ConfidentialityBasis)

/** K20: what the facts on record say at the moment at which it is sent. */
const meets: { readonly [P in keyof typeof preconditionRefusal]: (facts: StandingFacts, row: MatrixRow, at: string) => boolean } = {
  CJ_INTERVENTION: (facts, _, at) => stands(facts, 'CJ_INTERVENTION', at),
  CJ_ORDER: (facts, _, at) => stands(facts, 'CJ_ORDER', at),
  CUSTODY: (facts, _, at) => hasCustodyTrigger(facts, at),
  // A listing is with one panel; the matrix and the listing call it the same.
  PANEL: (facts, { recipient }, at) => isListedWith(facts, recipient, at),
  RISK: (facts, _, at) => hasRiskBasis(facts, at),
}

function preconditionFailures(person: Person, row: MatrixRow, asked: DisclosureAsked, now: string): readonly SharingRefusal[] {
  const { precondition } = row
  switch (precondition) {
    case 'NONE':
      return []
    case 'STARS':
      return person.intake.stars === 'REFUSED' ? ['NOT_IN_STARS_SERVICE'] : []
    case 'COURT_ORDER':
      return asked.hasOrderReference ? [] : ['COURT_ORDER_REFERENCE_MISSING']
    case 'VICTIM_REQUEST':
      return isEnough(asked) ? [] : ['VICTIM_REQUEST_INCOMPLETE']
    case 'CJ_INTERVENTION':
    case 'CJ_ORDER':
    case 'CUSTODY':
    case 'PANEL':
    case 'RISK':
      return meets[precondition](person.facts, row, now) ? [] : [preconditionRefusal[precondition]]
  }
}

/** A court gets what it ordered, and a body with a power what the provision names: nothing else of the row. */
const isRequired = ({ fieldsNamedBy }: MatrixRow, { requiredFields = [] }: DisclosureAsked, field: string) =>
  fieldsNamedBy === 'MATRIX' || requiredFields.includes(field)

/** C24 */
function minimumFailures(row: MatrixRow, asked: DisclosureAsked): readonly SharingRefusal[] {
  const inCategories = asked.fields.every(field => asked.categories.includes(categoryOf(field)))
  const permitted =
    asked.categories.every(category => categories.includes(category as Category) && row.categories.includes(category as Category))
    && asked.fields.every(field => row.fields.includes(field) && isRequired(row, asked, field))
  return inCategories && permitted ? [] : ['MINIMUM_NECESSARY_EXCEEDED']
}

/** C23: withholding needs a row that allows it, and an exemption that is on the list in force. */
function notificationHolds(row: MatrixRow, { notification }: DisclosureAsked, { exemptions }: SharingPolicy) {
  if (notification?.decision !== 'WITHHOLD') return true
  const { exemption, beforeTheList } = notification
  return row.inform.includes('WITHHOLD') && exemption !== undefined && (beforeTheList === true || exemptions.codes.has(exemption))
}
