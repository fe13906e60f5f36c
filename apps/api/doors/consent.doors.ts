import { recordConsentForm } from '#domain/person/consent/record-consent-form'
import { withdrawConsent } from '#domain/person/consent/withdraw-consent'
import { doorOf } from '#nest/door-of'
import { ConsentFormAnswer, ofSubject } from '../answers.js'
import { ConsentFormBody, WithdrawConsentBody, formIn, whichOf } from '../bodies/consent.js'

const tag = 'consent'

export const recordConsentFormDoor = doorOf(tag, recordConsentForm, {
  path: 'subjects/:subjectRef/consent-forms',
  creates: true,
  body: ConsentFormBody,
  input: (body, ids, mint) => ({ ...formIn(body), ...ids, formId: body.formId ?? mint('form') }),
  facts: ({ formVersions, rows, purposes }) => ({ formVersions, recipients: new Set(rows.keys()), purposes: new Set(purposes.keys()) }),
  answers: ConsentFormAnswer,
  answer: ({ subjectRef, formId }) => ({ subjectRef, formId }),
})

export const withdrawConsentDoor = doorOf(tag, withdrawConsent, {
  path: 'subjects/:subjectRef/consents/withdraw',
  body: WithdrawConsentBody,
  input: (body, ids) => ({ ...ids, channel: body.channel, which: whichOf(body) }),
  ...ofSubject,
})
