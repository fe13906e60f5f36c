import { acceptReferral } from '#domain/person/intake/accept-referral'
import { decideUnresolvedWish } from '#domain/person/intake/decide-unresolved-wish'
import { receiveReferral } from '#domain/person/intake/receive-referral'
import { recordServiceWish } from '#domain/person/intake/record-service-wish'
import { requestWishCheck } from '#domain/person/intake/request-wish-check'
import { verifyEligibility } from '#domain/person/intake/verify-eligibility'
import { doorOf } from '#nest/door-of'
import { ReferralAnswer, caseOf, ofSubject } from '../answers.js'
import {
  AcceptanceBody,
  EligibilityBody,
  ReferralBody,
  ServiceWishBody,
  UnresolvedWishBody,
  WishCheckBody,
  referralIn,
  unresolvedIn,
  wishIn,
} from '../bodies/intake.js'
import { DuplicateCheck } from '../preparations/duplicate-check.js'
import { TheOwner } from '../preparations/the-owner.js'

const tag = 'intake'

export const receiveReferralDoor = doorOf(tag, receiveReferral, {
  path: 'referrals',
  creates: ({ subjectRef }) => caseOf(subjectRef, 'REFERRAL_INTAKE'),
  body: ReferralBody,
  input: (body, _, mint) => ({ ...referralIn(body), subjectRef: mint('subject'), referralId: mint('referral') }),
  prepare: DuplicateCheck,
  fields: {
    SOURCE_NOT_PERMITTED: 'source',
    SERVICE_OUT_OF_SCOPE: 'serviceArea',
    NHS_NUMBER_INVALID: 'person.nhsNumber',
    OTHER_RECORD_NOT_FOUND: 'samePersonAs',
  },
  answers: ReferralAnswer,
  answer: ({ subjectRef, referralId }) => ({ subjectRef, referralId }),
})

export const recordServiceWishDoor = doorOf(tag, recordServiceWish, {
  path: 'subjects/:subjectRef/service-wish',
  body: ServiceWishBody,
  input: (body, ids, mint) => ({ ...wishIn(body), ...ids, erasureId: mint('erasure') }),
  facts: ({ calendar }) => ({ calendar }),
  ...ofSubject,
})

export const requestWishCheckDoor = doorOf(tag, requestWishCheck, {
  path: 'subjects/:subjectRef/wish-check',
  body: WishCheckBody,
  prepare: TheOwner,
  fields: { OWNER_TAKES_NO_REFERRALS: 'owner' },
  ...ofSubject,
})
export const decideUnresolvedWishDoor = doorOf(tag, decideUnresolvedWish, {
  path: 'subjects/:subjectRef/wish-check/decision',
  body: UnresolvedWishBody,
  input: (body, ids, mint) => ({ ...unresolvedIn(body), ...ids, erasureId: mint('erasure') }),
  facts: ({ calendar }) => ({ calendar }),
  fields: { WISH_CHECK_NOT_TRIED: 'decision' },
  ...ofSubject,
})

export const verifyEligibilityDoor = doorOf(tag, verifyEligibility, {
  path: 'subjects/:subjectRef/eligibility',
  body: EligibilityBody,
  input: (body, ids, mint) => ({ ...body, ...ids, erasureId: mint('erasure') }),
  facts: ({ calendar }) => ({ calendar }),
  ...ofSubject,
})

export const acceptReferralDoor = doorOf(tag, acceptReferral, {
  path: 'subjects/:subjectRef/acceptance',
  body: AcceptanceBody,
  input: (body, ids, mint) => ({ ...body, ...ids, episodeId: mint('episode') }),
  ...ofSubject,
})
