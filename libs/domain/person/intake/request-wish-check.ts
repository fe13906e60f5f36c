import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { earlierOf, laterOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { person } from '../person.js'
import { deathIn } from '../standing/facts.js'
import { ServiceWishCheckRequested } from './events.js'
import { intakeBasis } from './intake.js'
import { isPastReferral } from './point-of-referral.js'
import { saidIt } from './referral.js'
import { dueAfter } from './wish-check.js'

export type RequestWishCheck = {
  readonly subjectRef: SubjectRef
  /** Whoever commands, unless told. */
  readonly owner?: StaffRef | undefined
  /** Now unless told. */
  readonly requestedAt?: string | undefined
}
export type WishCheckFacts = At & By & { readonly ownerTakesReferrals: boolean }

/** C12: somebody asks the person, within 28 days. Asked for again, it is handed to somebody else, and its end stays where it was. */
export const requestWishCheck = command({
  name: 'RequestServiceWishCheck',
  clauses: ['C12'],
  says: 'Have somebody asked whether they want the service, or have somebody else ask them',
  aggregate: person,
  streamId: ({ subjectRef }: RequestWishCheck) => subjectRef,
  capability: 'RECORD_SERVICE_WISH',
  purpose: 'REFERRAL_INTAKE',
  basis: intakeBasis,
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'PERSON_HAS_DIED', 'PAST_POINT_OF_REFERRAL', 'SERVICE_WISH_KNOWN', 'OWNER_TAKES_NO_REFERRALS'],
  decide:
    ({ subjectRef, owner: named, requestedAt: told }: RequestWishCheck, { now, actor, ownerTakesReferrals }: WishCheckFacts) =>
    person => {
      const { intake, facts, wishCheck } = person
      const { referral } = intake
      if (!referral) return refused('NOT_FOUND')
      if (deathIn(facts)) return refused('PERSON_HAS_DIED')
      if (isPastReferral(person)) return refused('PAST_POINT_OF_REFERRAL')
      if (saidIt(referral)) return refused('SERVICE_WISH_KNOWN')
      if (!ownerTakesReferrals) return refused('OWNER_TAKES_NO_REFERRALS')
      const owner = named ?? actor.id
      if (wishCheck?.owner === owner) return accept([])
      const { referralId, receivedAt } = referral
      // Nobody was asked for before they were referred.
      const requestedAt = laterOf(earlierOf(told ?? now, now), receivedAt)
      const due = wishCheck?.due ?? dueAfter(requestedAt)
      return accept([ServiceWishCheckRequested.of({ referralId, subjectRef, owner, requestedAt, due })])
    },
})
