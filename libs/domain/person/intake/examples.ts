import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { referralId, staffConcerned, subjectRef } from '../invented.js'
import {
  EligibilityConfirmed,
  EligibilityRefused,
  type IntakeEvent,
  ReferralAccepted,
  ReferralReceived,
  ServiceDeclined,
  ServiceWishCheckRequested,
  ServiceWishConfirmed,
  ServiceWishUnresolved,
} from './events.js'

const wish = { referralId, subjectRef, channel: 'PHONE', note: Personal.of('said so twice'), saidAt: at } as const
const evidence = { referralId, subjectRef, evidenceType: 'STARS_LETTER' as const, checkedAt: at }

/** One example of every event of this concern, every optional field filled. */
export const intakeExamples = {
  ReferralReceived: ReferralReceived.of({
    referralId,
    subjectRef,
    source: 'DWP-JCP',
    channel: 'EMAIL',
    serviceArea: 'GATESHEAD',
    receivedAt: at,
    wish: 'UNKNOWN',
    wishClaimed: 'YES',
    confirmedNotDuplicate: false,
    person: {
      name: Personal.of('Perpetua Vantongeren'),
      dateOfBirth: Personal.of('1987-04-03'),
      nhsNumber: Personal.of('9990000018'),
      phone: Personal.of('07700 900142'),
      email: Personal.of('perpetua@example.invalid'),
      address: Personal.of('1 Nowhere Row'),
    },
    reason: Personal.of('wants warehouse work'),
  }),
  ServiceWishConfirmed: ServiceWishConfirmed.of(wish),
  ServiceDeclined: ServiceDeclined.of({ ...wish, declinedBy: 'PERSON' }),
  ServiceWishCheckRequested: ServiceWishCheckRequested.of({
    referralId,
    subjectRef,
    owner: staffConcerned,
    requestedAt: at,
    due: '2026-11-29T09:00:00.000Z',
  }),
  ServiceWishUnresolved: ServiceWishUnresolved.of({
    referralId,
    subjectRef,
    attempts: 3,
    decision: 'ERASE',
    decidedAt: '2026-11-29T09:00:00.000Z',
    note: Personal.of('rang three times, wrote once'),
  }),
  EligibilityConfirmed: EligibilityConfirmed.of({ ...evidence, validUntil: '2026-11-29T09:00:00.000Z' }),
  EligibilityRefused: EligibilityRefused.of(evidence),
  ReferralAccepted: ReferralAccepted.of({ referralId, subjectRef, episodeId: inventedId(8), acceptedAt: at }),
} satisfies ExampleOfEach<IntakeEvent>
