import { z } from 'zod'
import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { consentForms } from '#kernel/consent-form'
import { protectivePurposes } from '#kernel/protective-purposes'
import { category, code, count, date, fieldCode, flag, group, instant, list, notPersonal, optional, policyCode } from '#event-kit/field'

/** The policies of the service, published as events and read as facts. Each has a stream of its own: `policy-<name>`. */
export const policyNames = [
  'notice',
  'retention',
  'recipients',
  'assessments',
  'purposes',
  'fields',
  'forms',
  'calendar',
  'exemptions',
  'staff-policies',
  'contacts',
  'oversight',
] as const
export type PolicyName = (typeof policyNames)[number]

const published = { version: policyCode(), effectiveFrom: instant() }
const art6 = () => code('a', 'c', 'd', 'ea', 'f')
/** Titles and names in policies are about organisations and documents, never about a person. */
const title = () => notPersonal(z.string().min(1).max(200), 'ADR-4')

/** Version 2 says on which bases of Article 6 it tells people that their data is used. Before, none told of recognised interests (ea). */
export const NoticeVersionPublished = defineEvent('NoticeVersionPublished', { ...published, title: title() })
  .next({ ...published, title: title(), bases: list(art6()) })
  .from(old => ({ ...old, bases: ['a', 'c', 'd', 'f'] }))
export const RetentionPolicyPublished = defineEvent('RetentionPolicyPublished', { ...published, yearsAfterServiceEnd: count() })
/** `demo` marks an assessment that nobody has made for a real service; production refuses it. */
const assessed = { ...published, reviewBy: instant(), demo: flag() }
/** Until version 2 one stood for everything. What is approved now names what it is for, and stands for nothing else. */
const standsForAll = { everything: flag() }
/** C15: for these purposes. */
export const LegitimateInterestAssessmentApproved = defineEvent('LegitimateInterestAssessmentApproved', assessed)
  .next({ ...assessed, ...standsForAll, purposes: list(policyCode()) })
  .from(old => ({ ...old, everything: true, purposes: [] }))
/** C20, C21: for each purpose under a condition of Schedule 1. */
export const AppropriatePolicyDocumentApproved = defineEvent('AppropriatePolicyDocumentApproved', assessed)
  .next({ ...assessed, ...standsForAll, covers: list(group({ purpose: policyCode(), condition: policyCode() })) })
  .from(old => ({ ...old, everything: true, covers: [] }))
/** C04. The categories are those that a reader for this purpose may need. */
export const PurposeRegistered = defineEvent('PurposeRegistered', { ...published, purpose: policyCode(), categories: list(category()) })
const rowV1 = {
  recipient: policyCode(),
  name: title(),
  disputed: flag(),
  purposes: list(policyCode()),
  art6: list(art6()),
  art9: optional(policyCode()),
  sch1: optional(policyCode()),
  form: code('NONE', ...consentForms),
  categories: list(category()),
  fields: list(fieldCode()),
  inform: list(code('INFORM_BEFORE', 'INFORM_AFTER', 'WITHHOLD')),
  precondition: code('NONE', 'STARS', 'CJ_INTERVENTION', 'CJ_ORDER', 'CUSTODY', 'PANEL', 'RISK', 'COURT_ORDER'),
  approver: code('NONE', 'TEAM_LEADER', 'CALDICOTT', 'DPO'),
  immediate: flag(),
  needsPolicyDocument: flag(),
}
const row = {
  ...rowV1,
  /** Of a recognised legitimate interest (ea): the condition of Annex 1. */
  annex1: optional(policyCode()),
  /** What goes with every consent, because it says whom the data is about. */
  minimum: list(fieldCode()),
  /** REQUIREMENT: of the fields only those that a court’s order or a provision names. */
  fieldsNamedBy: code('MATRIX', 'REQUIREMENT'),
  precondition: code('NONE', 'STARS', 'CJ_INTERVENTION', 'CJ_ORDER', 'CUSTODY', 'PANEL', 'RISK', 'COURT_ORDER', 'VICTIM_REQUEST'),
  /** Schedule 1 ¶10(2): what is told to a competent authority needs no policy document. */
  competentAuthority: flag(),
  /** C25, C26: made to protect somebody, or because the law or a court says so. */
  protects: flag(),
}
/** C22 to C36: with whom data may be shared, for what, on which basis, and what of it. */
export const RecipientMatrixPublished = defineEvent('RecipientMatrixPublished', { ...published, rows: list(group(rowV1)) })
  .next({ ...published, rows: list(group(row)) })
  .from(({ rows, ...old }) => ({
    ...old,
    rows: rows.map(one => ({
      ...one,
      // Whatever was held of identity went with a consent once; whom it is about is a name and a date of birth.
      minimum: one.fields.filter(field => ['ID.name', 'ID.dateOfBirth'].includes(field)),
      fieldsNamedBy: 'MATRIX',
      competentAuthority: one.sch1 === 'para-10' && ['POL-CRIME', 'MAPPA'].includes(one.recipient),
      protects: one.purposes.some(purpose => protectivePurposes.includes(purpose)),
    })),
  }))
/** C23: why somebody may not be told of a sharing. Closed: what is not in force on the last list that was published is no exemption. */
export const ExemptionsPublished = defineEvent('ExemptionsPublished', {
  ...published,
  exemptions: list(group({ exemption: policyCode(), provision: title(), from: instant(), until: optional(instant()) })),
})
export const fieldKinds = ['TEXT', 'CODE', 'DATE', 'NHS_NUMBER', 'YES_NO'] as const
export const FieldSchemasPublished = defineEvent('FieldSchemasPublished', {
  ...published,
  fields: list(
    group({ field: fieldCode(), kind: code(...fieldKinds), maxLength: optional(count()), values: optional(list(policyCode())) }),
    500,
  ),
})
/** C31: a form whose text states that consent can be withdrawn and that refusing does not affect the service. */
export const ConsentFormPublished = defineEvent('ConsentFormPublished', {
  ...published,
  form: code(...consentForms),
  statesWithdrawal: flag(),
  statesFreedomToRefuse: flag(),
})
export const HolidayCalendarPublished = defineEvent('HolidayCalendarPublished', { ...published, holidays: list(date(), 1_000) })

/**
 * C38: a policy for those who work here. Each of them acknowledges the version in force, at the latest so many days after it came into
 * force.
 */
export const StaffPolicyPublished = defineEvent('StaffPolicyPublished', {
  ...published,
  policy: policyCode(),
  title: title(),
  graceDays: count(),
})
/** Of an organisation or a post, as a notice prints it: a shared mailbox, a switchboard, an address. Never of somebody by name. */
const ofPost = () => notPersonal(z.string().min(1).max(200), 'ADR-28')
const reachedBy = { email: ofPost(), phone: optional(ofPost()) }
/** C75: how the service and those responsible are reached. `demo` marks what is of no real service; production refuses it. */
export const ContactsUpdated = defineEvent('ContactsUpdated', {
  ...published,
  demo: flag(),
  controller: title(),
  address: list(ofPost(), 10),
  dpo: group(reachedBy),
  caldicott: group(reachedBy),
  /** C55: where the controller’s own paper may be destroyed. */
  premises: list(group({ site: policyCode(), address: list(ofPost(), 10) })),
})
/** C18: how many days health data may be recorded while no health professional oversees it, and how often they look. */
export const HealthOversightSet = defineEvent('HealthOversightSet', { ...published, gapDays: count(), reviewEveryDays: count() })

const policyEvents = [
  NoticeVersionPublished,
  RetentionPolicyPublished,
  LegitimateInterestAssessmentApproved,
  AppropriatePolicyDocumentApproved,
  PurposeRegistered,
  RecipientMatrixPublished,
  FieldSchemasPublished,
  ConsentFormPublished,
  HolidayCalendarPublished,
  ExemptionsPublished,
  StaffPolicyPublished,
  ContactsUpdated,
  HealthOversightSet,
] as const
export const policyConcerns = concernsOf('policy', { policy: policyEvents })
export type PolicyEvent = EventOf<(typeof policyEvents)[number]>

/** In which policy's stream each stands. */
export const policyOf: { readonly [T in PolicyEvent['type']]: PolicyName } = {
  NoticeVersionPublished: 'notice',
  RetentionPolicyPublished: 'retention',
  RecipientMatrixPublished: 'recipients',
  LegitimateInterestAssessmentApproved: 'assessments',
  AppropriatePolicyDocumentApproved: 'assessments',
  PurposeRegistered: 'purposes',
  FieldSchemasPublished: 'fields',
  ConsentFormPublished: 'forms',
  HolidayCalendarPublished: 'calendar',
  ExemptionsPublished: 'exemptions',
  StaffPolicyPublished: 'staff-policies',
  ContactsUpdated: 'contacts',
  HealthOversightSet: 'oversight',
}
