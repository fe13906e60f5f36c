import { command, noCategories } from '#decider/command'
import { type Category, categories } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import type { JsonObject } from '#kernel/json'
import type { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { person } from '../person.js'
import { type ConsentEvent, ConsentGranted, type ConsentMethod, ConsentRefused, type FormType } from './events.js'

export type FormRow = {
  readonly recipient: string
  readonly purpose: string
  readonly categories: readonly string[]
  readonly decision: 'YES' | 'NO' | 'UNANSWERED'
  readonly validUntil?: string | undefined
}
export type RecordConsentForm = {
  readonly subjectRef: SubjectRef
  readonly formId: Parameters<typeof ConsentGranted.of>[0]['formId']
  readonly form: FormType
  readonly formVersion: string
  readonly method: ConsentMethod
  readonly completedAt: string
  readonly witnessed: boolean
  readonly evidence?: Personal<JsonObject> | undefined
  readonly rows: readonly FormRow[]
}
/** From the policy in force: the form versions, the recipients of the matrix, the registered purposes. */
export type ConsentPolicy = {
  readonly formVersions: ReadonlyMap<string, FormType>
  readonly recipients: ReadonlySet<string>
  readonly purposes: ReadonlySet<string>
}

const areCategories = (codes: readonly string[]): codes is readonly Category[] => codes.every(code => categories.includes(code as Category))

/** C31: one consent or refusal per row; an unanswered row says nothing, because silence is not consent. The form is refused whole. */
export const recordConsentForm = command({
  name: 'RecordConsentForm',
  clauses: ['C31', 'C35'],
  says: 'Record a consent form: one consent or refusal for each answered row',
  aggregate: person,
  streamId: ({ subjectRef }: RecordConsentForm) => subjectRef,
  capability: 'RECORD_CONSENT',
  purpose: 'SERVICE_PROVISION',
  basis: { art6: 'f' },
  categories: noCategories,
  exemptFrom: [],
  refusals: [
    'NOT_FOUND',
    'CONSENT_EVIDENCE_MISSING',
    'RECIPIENT_NOT_IN_MATRIX',
    'PURPOSE_NOT_REGISTERED',
    'CATEGORY_NOT_PERMITTED_FOR_PURPOSE',
  ],
  decide:
    (form: RecordConsentForm, policy: ConsentPolicy) =>
    ({ intake }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      if (policy.formVersions.get(form.formVersion) !== form.form) return refused('CONSENT_EVIDENCE_MISSING')
      if (form.method === 'VERBAL_WITNESSED' && !form.witnessed) return refused('CONSENT_EVIDENCE_MISSING')
      const { subjectRef, formId, formVersion, method, completedAt, evidence } = form
      const events: ConsentEvent[] = []
      for (const { decision, validUntil, ...row } of form.rows) {
        if (!policy.recipients.has(row.recipient)) return refused('RECIPIENT_NOT_IN_MATRIX')
        if (!policy.purposes.has(row.purpose)) return refused('PURPOSE_NOT_REGISTERED')
        if (!areCategories(row.categories)) return refused('CATEGORY_NOT_PERMITTED_FOR_PURPOSE')
        const said = { ...row, categories: row.categories, subjectRef, formId, form: form.form, formVersion, method, completedAt, evidence }
        if (decision === 'YES') events.push(ConsentGranted.of({ ...said, validUntil }))
        if (decision === 'NO') events.push(ConsentRefused.of(said))
      }
      return accept(events)
    },
})
