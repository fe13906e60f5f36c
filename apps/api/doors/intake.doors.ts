import { receiveReferral } from '#domain/person/intake/receive-referral'
import { recordServiceWish } from '#domain/person/intake/record-service-wish'
import { verifyEligibility } from '#domain/person/intake/verify-eligibility'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { ReferralAnswer, ofSubject } from '../answers.js'
import { EligibilityBody, ReferralBody, ServiceWishBody } from '../bodies/intake.js'
import { DuplicateCheck, personIn } from '../preparations/duplicate-check.js'

const tag = 'intake'

export const receiveReferralDoor = doorOf(receiveReferral, {
  tag,
  path: 'referrals',
  creates: true,
  body: ReferralBody,
  input: ({ person, reason, confirmedNotDuplicate = false, ...body }, _, mint) => ({
    ...body,
    subjectRef: mint('subject'),
    referralId: mint('referral'),
    confirmedNotDuplicate,
    reason: Personal.given(reason),
    person: personIn(person),
  }),
  prepare: DuplicateCheck,
  fields: { SOURCE_NOT_PERMITTED: 'source', SERVICE_OUT_OF_SCOPE: 'serviceArea', NHS_NUMBER_INVALID: 'person.nhsNumber' },
  answers: ReferralAnswer,
  answer: ({ subjectRef, referralId }) => ({ subjectRef, referralId }),
})

export const recordServiceWishDoor = doorOf(recordServiceWish, {
  tag,
  path: 'subjects/:subjectRef/service-wish',
  body: ServiceWishBody,
  input: ({ declinedBy = 'PERSON', note, ...body }, ids, mint) => ({
    ...body,
    ...ids,
    declinedBy,
    note: Personal.given(note),
    erasureId: mint('erasure'),
  }),
  ...ofSubject,
})

export const verifyEligibilityDoor = doorOf(verifyEligibility, {
  tag,
  path: 'subjects/:subjectRef/eligibility',
  body: EligibilityBody,
  input: (body, ids) => ({ ...body, ...ids }),
  ...ofSubject,
})
