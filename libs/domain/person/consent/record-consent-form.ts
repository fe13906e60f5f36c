import { type At, command, noCategories } from '#decider/command'
import type { EventOf } from '#event-kit/event'
import type { SubjectRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import type { JsonObject } from '#kernel/json'
import type { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { afterConsent } from '../disclosure/after-consent.js'
import { person } from '../person.js'
import { stands } from '../standing/facts.js'
import { ConsentGranted, ConsentRefused } from './events.js'
import { type ConsentForm, type ConsentPolicy, formRefusals, judgeForm } from './form-rules.js'

export type RecordConsentForm = ConsentForm & {
  readonly subjectRef: SubjectRef
  readonly formId: Parameters<typeof ConsentGranted.of>[0]['formId']
  readonly evidence?: Personal<JsonObject> | undefined
}

type Answer = EventOf<typeof ConsentGranted> | EventOf<typeof ConsentRefused>

/**
 * C31: one consent or refusal per row; an unanswered row says nothing, because silence is not consent. The form is refused whole. A form
 * that is older than what the person said since is on record, and changes nothing.
 */
export const recordConsentForm = command({
  name: 'RecordConsentForm',
  clauses: ['C31', 'C34', 'C35'],
  says: 'Record a consent form: one consent or refusal for each answered row',
  aggregate: person,
  streamId: ({ subjectRef }: RecordConsentForm) => subjectRef,
  capability: 'RECORD_CONSENT',
  purpose: 'SERVICE_PROVISION',
  basis: { art6: 'f' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', ...formRefusals],
  decide:
    (form: RecordConsentForm, { now, ...policy }: ConsentPolicy & At) =>
    person => {
      const { intake, consents, facts } = person
      if (!intake.referral) return refused('NOT_FOUND')
      const judged = judgeForm(form, policy, { now, hasIntervention: stands(facts, 'CJ_INTERVENTION', form.completedAt) })
      if (typeof judged === 'string') return refused(judged)
      const { subjectRef, formId, formVersion, method, evidence } = form
      const completedAt = earlierOf(now, form.completedAt)
      const events = judged.rows.flatMap(({ decision, validUntil, recipient, purpose, categories }): readonly Answer[] => {
        const about = { subjectRef, formId, form: form.form, formVersion, recipient, purpose, categories }
        const said = { ...about, method, completedAt, evidence, counts: consents.isLastWord({ recipient, purpose }, completedAt) }
        if (decision === 'YES') return [ConsentGranted.of({ ...said, validUntil })]
        return decision === 'NO' ? [ConsentRefused.of(said)] : []
      })
      const changed = events.flatMap(({ type, data: { recipient, purpose, categories } }) => {
        const [left, because] =
          type === 'ConsentGranted' ? ([categories, 'CONSENT_SCOPE_EXCEEDED'] as const) : ([[], 'CONSENT_NOT_GRANTED'] as const)
        return afterConsent(person, { which: { recipient, purpose }, saidAt: completedAt, left, because }, { subjectRef, now })
      })
      return accept([...events, ...changed])
    },
})
