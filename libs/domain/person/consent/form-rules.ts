import { type Category, categories } from '#event-kit/scope'
import { type ConsentFormKind, formOfItsOwn, formsOfTheirOwn } from '#kernel/consent-form'
import type { RefusalCode } from '#kernel/refusals'
import { consentKey } from './consents.js'
import type { ConsentMethod } from './events.js'

export type FormRow = {
  readonly recipient: string
  readonly purpose: string
  readonly categories: readonly string[]
  readonly decision: 'YES' | 'NO' | 'UNANSWERED'
  readonly validUntil?: string | undefined
}
export type ConsentForm = {
  readonly form: ConsentFormKind
  readonly formVersion: string
  readonly noticeVersion?: string | undefined
  readonly method: ConsentMethod
  readonly completedAt: string
  readonly witnessed: boolean
  readonly rows: readonly FormRow[]
}
/** Of the recipient matrix: what a form may ask about. */
type MatrixRow = {
  readonly disputed: boolean
  readonly purposes: readonly string[]
  readonly form: 'NONE' | ConsentFormKind
  readonly categories: readonly Category[]
  readonly precondition: string
}
/** From the policy in force. Forms and notices with the moment from which they were in use. */
export type ConsentPolicy = {
  readonly formVersions: ReadonlyMap<string, { readonly form: ConsentFormKind; readonly effectiveFrom: string }>
  readonly noticeVersions: ReadonlyMap<string, { readonly effectiveFrom: string }>
  readonly rows: ReadonlyMap<string, MatrixRow>
  readonly purposes: ReadonlySet<string>
}

export const formRefusals = [
  'NOTICE_VERSION_UNKNOWN',
  'CONSENT_EVIDENCE_MISSING',
  'RECIPIENT_NOT_IN_MATRIX',
  'RECIPIENT_DISPUTED',
  'CONSENT_NOT_THE_BASIS',
  ...formsOfTheirOwn,
  'PURPOSE_NOT_REGISTERED',
  'PURPOSE_INCOMPATIBLE',
  'CATEGORY_NOT_PERMITTED_FOR_PURPOSE',
  'CJ_INTERVENTION_NOT_ACTIVE',
  'CONSENT_EXPIRED',
  'CONSENT_ANSWERED_TWICE',
  'CONSENT_FORM_UNANSWERED',
] as const satisfies readonly RefusalCode[]
type FormRefusal = (typeof formRefusals)[number]

const areCategories = (codes: readonly string[]): codes is readonly Category[] => codes.every(code => categories.includes(code as Category))
/** What a row is about, its categories known. */
export type KnownRow = FormRow & { readonly categories: readonly Category[] }

/** `hasIntervention`: a criminal justice intervention ran when the form was completed. */
export type FormFacts = { readonly now: string; readonly hasIntervention: boolean }

/** What is wrong with a form: the first thing, for a form is taken whole or not at all. */
export function judgeForm(
  form: ConsentForm,
  policy: ConsentPolicy,
  { now, hasIntervention }: FormFacts,
): FormRefusal | { readonly rows: readonly KnownRow[] } {
  const wrong = evidenceRefusal(form, policy)
  if (wrong) return wrong
  const asked = new Set<string>()
  const rows: KnownRow[] = []
  for (const row of form.rows) {
    const refusal =
      questionRefusal(form, row, policy)
      ?? (row.decision === 'UNANSWERED' ? undefined : answerRefusal(row, policy, { now, hasIntervention }))
    if (refusal) return refusal
    if (!areCategories(row.categories)) return 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE'
    // Two answers to one question: nobody but the person can say which of them is meant.
    if (asked.has(consentKey(row.recipient, row.purpose))) return 'CONSENT_ANSWERED_TWICE'
    asked.add(consentKey(row.recipient, row.purpose))
    rows.push({ ...row, categories: row.categories })
  }
  return rows.every(({ decision }) => decision === 'UNANSWERED') ? 'CONSENT_FORM_UNANSWERED' : { rows }
}

/** A form or a notice that was not in use yet when the form was filled in is not what the person had before them. */
function evidenceRefusal(
  { form, formVersion, noticeVersion, method, completedAt, witnessed }: ConsentForm,
  { formVersions, noticeVersions }: ConsentPolicy,
): FormRefusal | undefined {
  const inUse = (version: { readonly effectiveFrom: string } | undefined) =>
    version !== undefined && Date.parse(version.effectiveFrom) <= Date.parse(completedAt)
  const version = formVersions.get(formVersion)
  if (version?.form !== form || !inUse(version)) return 'CONSENT_EVIDENCE_MISSING'
  if (noticeVersion !== undefined && !inUse(noticeVersions.get(noticeVersion))) return 'NOTICE_VERSION_UNKNOWN'
  return method === 'VERBAL_WITNESSED' && !witnessed ? 'CONSENT_EVIDENCE_MISSING' : undefined
}

/** Whether the form may ask about it at all. */
function questionRefusal(
  { form }: ConsentForm,
  { recipient, purpose, categories: asked }: FormRow,
  { rows, purposes }: ConsentPolicy,
): FormRefusal | undefined {
  const row = rows.get(recipient)
  if (!row) return 'RECIPIENT_NOT_IN_MATRIX'
  if (row.disputed) return 'RECIPIENT_DISPUTED'
  if (row.form === 'NONE') return 'CONSENT_NOT_THE_BASIS'
  if (row.form !== form) return row.form === 'SHARING' ? 'CONSENT_EVIDENCE_MISSING' : formOfItsOwn[row.form]
  if (!purposes.has(purpose)) return 'PURPOSE_NOT_REGISTERED'
  if (!row.purposes.includes(purpose)) return 'PURPOSE_INCOMPATIBLE'
  return asked.every(category => row.categories.includes(category as Category)) ? undefined : 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE'
}

/** Whether what was answered can be an answer. */
function answerRefusal(
  { recipient, decision, categories: ticked, validUntil }: FormRow,
  { rows }: ConsentPolicy,
  { now, hasIntervention }: FormFacts,
): FormRefusal | undefined {
  // C34: the question is not put to anybody else.
  if (rows.get(recipient)?.precondition === 'CJ_INTERVENTION' && !hasIntervention) return 'CJ_INTERVENTION_NOT_ACTIVE'
  if (decision === 'YES' && ticked.length === 0) return 'CONSENT_EVIDENCE_MISSING'
  return validUntil !== undefined && Date.parse(validUntil) <= Date.parse(now) ? 'CONSENT_EXPIRED' : undefined
}
