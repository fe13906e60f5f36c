import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { subjectRef } from '../invented.js'
import { type ConsentEvent, ConsentGranted, ConsentRefused, ConsentWithdrawn, WithdrawalReceived } from './events.js'

const row = {
  subjectRef,
  formId: inventedId(8),
  form: 'SHARING',
  formVersion: 'SCF-1',
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  method: 'VERBAL_WITNESSED',
  completedAt: at,
  evidence: Personal.of({ witness: 'Imre Vasquez-Hale' }),
  counts: true,
} as const

/** One example of every event of this concern, every optional field filled. */
export const consentExamples = {
  ConsentGranted: ConsentGranted.of({ ...row, validUntil: '2027-11-01T09:00:00.000Z' }),
  ConsentRefused: ConsentRefused.of(row),
  WithdrawalReceived: WithdrawalReceived.of({
    subjectRef,
    extent: 'ONE',
    recipient: 'DWP-JCP',
    purpose: 'EMPLOYMENT_SUPPORT',
    named: Personal.of({ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT' }),
    channel: 'PHONE',
    receivedAt: at,
    withdrawnAt: at,
  }),
  ConsentWithdrawn: ConsentWithdrawn.of({
    subjectRef,
    recipient: 'DWP-JCP',
    purpose: 'EMPLOYMENT_SUPPORT',
    channel: 'PHONE',
    withdrawnAt: at,
  }),
} satisfies ExampleOfEach<ConsentEvent>
