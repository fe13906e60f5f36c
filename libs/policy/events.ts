import { z } from 'zod'
import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { category, code, count, date, fieldCode, flag, group, instant, list, notPersonal, optional, policyCode } from '#event-kit/field'

/** The policies of the service, published as events and read as facts. Each has a stream of its own: `policy-<name>`. */
export const policyNames = ['notice', 'retention', 'recipients', 'assessments', 'purposes', 'fields', 'forms', 'calendar'] as const
export type PolicyName = (typeof policyNames)[number]

const published = { version: policyCode(), effectiveFrom: instant() }
/** Titles and names in policies are about organisations and documents, never about a person. */
const title = () => notPersonal(z.string().min(1).max(200), 'ADR-4')

export const NoticeVersionPublished = defineEvent('NoticeVersionPublished', { ...published, title: title() })
export const RetentionPolicyPublished = defineEvent('RetentionPolicyPublished', { ...published, yearsAfterServiceEnd: count() })
/** C15. `demo` marks an assessment that nobody has made for a real service; production refuses it. */
export const LegitimateInterestAssessmentApproved = defineEvent('LegitimateInterestAssessmentApproved', {
  ...published,
  reviewBy: instant(),
  demo: flag(),
})
export const AppropriatePolicyDocumentApproved = defineEvent('AppropriatePolicyDocumentApproved', {
  ...published,
  reviewBy: instant(),
  demo: flag(),
})
/** C04. The categories are those that a reader for this purpose may need. */
export const PurposeRegistered = defineEvent('PurposeRegistered', { ...published, purpose: policyCode(), categories: list(category()) })
/** C22 to C36: with whom data may be shared, for what, on which basis, and what of it. */
export const RecipientMatrixPublished = defineEvent('RecipientMatrixPublished', {
  ...published,
  rows: list(
    group({
      recipient: policyCode(),
      name: title(),
      disputed: flag(),
      purposes: list(policyCode()),
      art6: list(code('a', 'c', 'd', 'ea', 'f')),
      art9: optional(policyCode()),
      sch1: optional(policyCode()),
      form: code('NONE', 'SHARING', 'PHE'),
      categories: list(category()),
      fields: list(fieldCode()),
      inform: list(code('INFORM_BEFORE', 'INFORM_AFTER', 'WITHHOLD')),
      precondition: code('NONE', 'STARS', 'CJ_INTERVENTION', 'CJ_ORDER', 'CUSTODY', 'PANEL', 'RISK', 'COURT_ORDER'),
      approver: code('NONE', 'TEAM_LEADER', 'CALDICOTT', 'DPO'),
      immediate: flag(),
      needsPolicyDocument: flag(),
    }),
  ),
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
  form: code('SHARING', 'PHE'),
  statesWithdrawal: flag(),
  statesFreedomToRefuse: flag(),
})
export const HolidayCalendarPublished = defineEvent('HolidayCalendarPublished', { ...published, holidays: list(date(), 1_000) })

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
] as const
export const policyConcerns = concernsOf('policy', { policy: policyEvents })
export type PolicyEvent = EventOf<(typeof policyEvents)[number]>
