import type { HolidayCalendar } from '#calendar/statutory-periods'
import { type At, type By, command, noCategories } from '#decider/command'
import type { ErasureId, SubjectRef } from '#kernel/id'
import { earlierOf, laterOf } from '#kernel/instants'
import type { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { Channel } from '../channels.js'
import { person } from '../person.js'
import { type Decliner, ServiceDeclined, ServiceWishConfirmed } from './events.js'
import { intakeBasis } from './intake.js'
import { erasedAtReferral, isPastReferral, waitsForSafety } from './point-of-referral.js'
import { counts } from './referral.js'

/** A no says whose it is: nothing is assumed of somebody's will. */
export type SaidOfWish = { readonly outcome: 'WANTED' } | { readonly outcome: 'DECLINED'; readonly declinedBy: Decliner }
export type RecordServiceWish = SaidOfWish & {
  readonly subjectRef: SubjectRef
  readonly channel: Channel
  readonly note?: Personal<string> | undefined
  /** Now unless told. */
  readonly saidAt?: string | undefined
  /** Names the erasure that a no of the person's own begins. */
  readonly erasureId: ErasureId
}
export type WishFacts = At & By & { readonly calendar: HolidayCalendar }

/**
 * C12, C13: at the point of referral the person's own no fences their data in the same append; the erasure process destroys the keys.
 * Anybody else's no does not erase, nor does one that the person took back since: what was said last counts. A no is never a machine's.
 */
export const recordServiceWish = command({
  name: 'RecordServiceWish',
  clauses: ['C12', 'C13'],
  says: 'Record whether the person wants the service; at the point of referral their own no erases',
  aggregate: person,
  streamId: ({ subjectRef }: RecordServiceWish) => subjectRef,
  capability: 'RECORD_SERVICE_WISH',
  purpose: 'REFERRAL_INTAKE',
  basis: intakeBasis,
  // A no is heard whatever the paperwork and whoever takes it down.
  categories: noCategories,
  exemptFrom: ['W2', 'W3', 'W7', 'W8'],
  refusals: [
    'NOT_FOUND',
    'CONFLICT_OF_INTEREST',
    'AUTOMATED_DECISION_FORBIDDEN',
    'PAST_POINT_OF_REFERRAL',
    'ERASURE_DEFERRED_SAFEGUARDING',
  ],
  decide:
    (wish: RecordServiceWish, { now, actor, calendar }: WishFacts) =>
    person => {
      const { referral } = person.intake
      if (!referral) return refused('NOT_FOUND')
      const { subjectRef, channel, note } = wish
      // Clocks differ a little: what is said without a time is said after all that is on record.
      const saidAt = wish.saidAt === undefined ? laterOf(now, referral.wish?.at ?? now) : earlierOf(wish.saidAt, now)
      const said = { referralId: referral.referralId, subjectRef, channel, note, saidAt }
      if (wish.outcome === 'WANTED') {
        // C38: a yes decides that somebody is served, and is not for somebody close to them to hear.
        return person.access.conflicted.has(actor.id) ? refused('CONFLICT_OF_INTEREST') : accept([ServiceWishConfirmed.of(said)])
      }
      if (actor.role === 'integration') return refused('AUTOMATED_DECISION_FORBIDDEN')
      if (isPastReferral(person)) return refused('PAST_POINT_OF_REFERRAL')
      const { declinedBy } = wish
      const declined = ServiceDeclined.of({ ...said, declinedBy })
      if (declinedBy !== 'PERSON' || !counts(referral, { answer: 'NO', by: declinedBy, at: saidAt })) return accept([declined])
      if (waitsForSafety(person, now, calendar)) return refused('ERASURE_DEFERRED_SAFEGUARDING')
      return accept([declined, ...erasedAtReferral(person, wish, 'C13-DECLINED', now)])
    },
})
