import type { HolidayCalendar } from '#calendar/statutory-periods'
import { type At, command, noCategories } from '#decider/command'
import type { ErasureId, SubjectRef } from '#kernel/id'
import { isEarlier } from '#kernel/instants'
import type { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { permittedBy } from '../contact/contact.js'
import { person } from '../person.js'
import { ServiceWishCheckRequested, ServiceWishUnresolved, type UnresolvedDecision } from './events.js'
import { intakeBasis } from './intake.js'
import { erasedAtReferral, isPastReferral, waitsForSafety } from './point-of-referral.js'
import { saidIt } from './referral.js'
import { daysToTry, dueAfter } from './wish-check.js'

export type DecideUnresolvedWish = {
  readonly subjectRef: SubjectRef
  readonly decision: UnresolvedDecision
  readonly note?: Personal<string> | undefined
  /** Names the erasure that ERASE begins. */
  readonly erasureId: ErasureId
}
export type UnresolvedFacts = At & { readonly calendar: HolidayCalendar }

/**
 * C12, C68: after 28 days in which nobody heard it from the person, a team leader decides: they are asked for as long again, or their
 * referral is erased as a no would have erased it. Nobody is erased for being silent whom nobody tried to reach on three days, unless no
 * way is left to reach them by.
 */
export const decideUnresolvedWish = command({
  name: 'DecideUnresolvedWish',
  clauses: ['C12', 'C68'],
  says: 'Decide what follows where the person could not be asked whether they want the service: ask on, or erase',
  aggregate: person,
  streamId: ({ subjectRef }: DecideUnresolvedWish) => subjectRef,
  capability: 'DECIDE_UNRESOLVED_WISH',
  purpose: 'REFERRAL_INTAKE',
  basis: intakeBasis,
  categories: noCategories,
  exemptFrom: [],
  refusals: [
    'NOT_FOUND',
    'PAST_POINT_OF_REFERRAL',
    'SERVICE_WISH_KNOWN',
    'WISH_CHECK_NOT_REQUESTED',
    'WISH_CHECK_STILL_RUNS',
    'WISH_CHECK_NOT_TRIED',
    'ERASURE_DEFERRED_SAFEGUARDING',
  ],
  decide:
    ({ subjectRef, decision, note, ...end }: DecideUnresolvedWish, { now, calendar }: UnresolvedFacts) =>
    person => {
      const { wishCheck, contact, intake } = person
      const { referral } = intake
      if (!referral) return refused('NOT_FOUND')
      if (isPastReferral(person)) return refused('PAST_POINT_OF_REFERRAL')
      if (saidIt(referral)) return refused('SERVICE_WISH_KNOWN')
      if (!wishCheck) return refused('WISH_CHECK_NOT_REQUESTED')
      if (isEarlier(now, wishCheck.due)) return refused('WISH_CHECK_STILL_RUNS')
      const { owner, triedOn } = wishCheck
      const { referralId } = referral
      const of = { referralId, subjectRef }
      const decided = ServiceWishUnresolved.of({ ...of, attempts: triedOn.length, decision, decidedAt: now, note })
      if (decision === 'ASK_AGAIN')
        return accept([decided, ServiceWishCheckRequested.of({ ...of, owner, requestedAt: now, due: dueAfter(now) })])
      if (triedOn.length < daysToTry && permittedBy(contact).length > 0) return refused('WISH_CHECK_NOT_TRIED')
      if (waitsForSafety(person, now, calendar)) return refused('ERASURE_DEFERRED_SAFEGUARDING')
      return accept([decided, ...erasedAtReferral(person, { subjectRef, ...end }, 'C12-UNRESOLVED', now)])
    },
})
