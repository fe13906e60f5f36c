import type { FormRow } from '#domain/person/consent/form-rules'
import { recordConsentForm } from '#domain/person/consent/record-consent-form'
import { withdrawConsent } from '#domain/person/consent/withdraw-consent'
import type { PersonEvent } from '#domain/person/person'
import { doorOf } from '#nest/door-of'
import { ConsentFormAnswer, WithdrawalAnswer, caseOf } from '../answers.js'
import { ConsentFormBody, WithdrawConsentBody, formIn, withdrawalIn } from '../bodies/consent.js'

const tag = 'consent'

const consentIn = ({ recipient, purpose }: Pick<FormRow, 'recipient' | 'purpose'>) => ({ recipient, purpose })

/** What the rows of a form changed, by the events that they led to: the same for the first answer and for each repeat. */
function changedBy(rows: readonly FormRow[], events: readonly PersonEvent[]) {
  const said = (type: 'ConsentGranted' | 'ConsentRefused', counts: boolean) =>
    events.flatMap(event => (event.type === type && (event.data.counts !== false) === counts ? [consentIn(event.data)] : []))
  const older = [...said('ConsentGranted', false), ...said('ConsentRefused', false)]
  const unanswered = rows.filter(({ decision }) => decision === 'UNANSWERED')
  return {
    granted: said('ConsentGranted', true),
    refused: said('ConsentRefused', true),
    unchanged: [
      ...unanswered.map(row => ({ ...consentIn(row), because: 'UNANSWERED' as const })),
      ...older.map(row => ({ ...row, because: 'OLDER' as const })),
    ],
  }
}

export const recordConsentFormDoor = doorOf(tag, recordConsentForm, {
  path: 'subjects/:subjectRef/consent-forms',
  creates: ({ subjectRef }) => caseOf(subjectRef, 'SERVICE_PROVISION'),
  body: ConsentFormBody,
  input: (body, ids, mint) => ({ ...formIn(body), ...ids, formId: body.formId ?? mint('form') }),
  facts: ({ purposes, ...policy }) => ({ ...policy, purposes: new Set(purposes.keys()) }),
  answers: ConsentFormAnswer,
  answer: ({ subjectRef, formId, rows }, events) => ({ subjectRef, formId, ...changedBy(rows, events) }),
})

export const withdrawConsentDoor = doorOf(tag, withdrawConsent, {
  path: 'subjects/:subjectRef/consents/withdraw',
  body: WithdrawConsentBody,
  input: (body, ids) => ({ ...withdrawalIn(body), ...ids }),
  facts: ({ rows, purposes }) => ({ recipients: new Set(rows.keys()), purposes: new Set(purposes.keys()) }),
  answers: WithdrawalAnswer,
  answer: ({ subjectRef }, events) => ({
    subjectRef,
    withdrawn: events.flatMap(event => (event.type === 'ConsentWithdrawn' ? [consentIn(event.data)] : [])),
  }),
})
