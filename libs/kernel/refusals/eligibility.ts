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
  MIS_STORAGE_REQUIRED: {
    class: 'eligibility',
    clause: 'C41',
    rule: 'There is no service for somebody who objects to storage on the systems that the service works with.',
    remedy: 'Explain it to them, and record their choice: they take the objection back, or are erased.',
  },
} as const satisfies RefusalsOf<'eligibility'>
