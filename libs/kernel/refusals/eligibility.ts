import type { RefusalsOf } from './refusal-text.js'

/** Whom the service is for. */
export const eligibility = {
  NOT_IN_STARS_SERVICE: {
    class: 'eligibility',
    clause: 'C11',
    rule: 'A person has to be receiving a STARS service, shown by evidence at most 28 days old.',
    remedy: 'Ask STARS for current evidence and record it.',
  },
  SERVICE_WISH_UNCONFIRMED: {
    class: 'eligibility',
    clause: 'C12',
    rule: 'Nobody is accepted who has not said themselves that they want the service.',
    remedy: 'Ask the person, and record what they say as their wish.',
  },
  SERVICE_WISH_KNOWN: {
    class: 'eligibility',
    status: 409,
    clause: 'C12',
    rule: 'The person has said themselves whether they want the service: there is nothing left to ask.',
    remedy: 'Go by what they said. Should they say something else, record that as their wish.',
  },
  WISH_CHECK_NOT_REQUESTED: {
    class: 'eligibility',
    status: 409,
    clause: 'C12',
    rule: 'Nobody is asking this person whether they want the service.',
    remedy: 'Have them asked first, at subjects/{subjectRef}/wish-check: it runs for 28 days.',
  },
  WISH_CHECK_STILL_RUNS: {
    class: 'eligibility',
    status: 409,
    clause: 'C12',
    rule: 'A person has 28 days to say whether they want the service.',
    remedy: 'Ask on, and decide once the check is due: GET /v1/wish-checks says when.',
  },
  WISH_CHECK_NOT_TRIED: {
    class: 'eligibility',
    clause: 'C12',
    rule: 'Nobody’s referral is erased for their silence whom nobody tried to reach on three days, by ways that they are safe with.',
    remedy: 'Decide ASK_AGAIN, and record each try as a contact about SERVICE_WISH. What was against a wish does not count.',
  },
  OWNER_TAKES_NO_REFERRALS: {
    class: 'eligibility',
    status: 409,
    clause: 'C12',
    rule: 'Whoever asks a person whether they want the service works here as somebody who takes referrals.',
    remedy: 'Name somebody who is registered as back office, IPS worker or team leader.',
  },
  MIS_STORAGE_REQUIRED: {
    class: 'eligibility',
    clause: 'C41',
    rule: 'There is no service for somebody who objects to storage on the systems that the service works with.',
    remedy: 'Explain it to them, and record their choice: they take the objection back, or are erased.',
  },
} as const satisfies RefusalsOf<'eligibility'>
