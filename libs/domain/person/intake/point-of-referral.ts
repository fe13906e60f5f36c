import type { HolidayCalendar } from '#calendar/statutory-periods'
import { ErasureFenced } from '#event-kit/key-events'
import { type Scope, erasableScopes } from '#event-kit/scope'
import type { ErasureId, SubjectRef } from '#kernel/id'
import { wasShared } from '../disclosure/disclosures.js'
import { cancelled, isBeingSent, isDeferred, isProtective, pendingOn } from '../erasure/what-is-pending.js'
import { liveKeysOf } from '../keys/keys.js'
import type { Person, PersonEvent } from '../person.js'

/** What a referral brings along: identity, contact and its own words. Whatever else is held, the service recorded. */
const ofReferral: readonly Scope[] = ['REF', 'ID', 'CON']

/**
 * K1: whether it is too late for a no, or a refusal by STARS, to erase by itself: the person was accepted; or the service began without
 * anybody saying so, as it did before acceptances were recorded, and recorded, asked consent for or shared something; or they asked for
 * an erasure, which somebody decides on, and what that keeps is kept for a reason. What was reported to protect somebody begins no service.
 */
export const isPastReferral = ({ intake, held, consents, disclosures, erasures }: Person): boolean =>
  intake.referral?.acceptedAt !== undefined
  || [...held.values()].some(({ scope }) => !ofReferral.includes(scope))
  || [...consents.values()].some(({ state }) => state === 'GIVEN')
  || [...disclosures.values()].some(one => wasShared(one) && !isProtective(one))
  || erasures.requests.size > 0

/** C13, C25, C26: what is on its way to protect somebody goes first, and so does a concern that nobody has closed. */
export const waitsForSafety = (person: Person, now: string, calendar: HolidayCalendar) =>
  isDeferred(person, erasableScopes, now, calendar) || isBeingSent(person, erasableScopes)

export type EndOfReferral = { readonly subjectRef: SubjectRef; readonly erasureId: ErasureId }
/** Everything is fenced in the append that ends the referral, and what is asked for or on its way is cancelled; the rest follows. */
export const erasedAtReferral = (
  person: Person,
  { subjectRef, erasureId }: EndOfReferral,
  cause: 'C13-DECLINED' | 'C12-UNRESOLVED' | 'C11-REFUSED',
  now: string,
): readonly PersonEvent[] => [
  ErasureFenced.of({ subjectRef, erasureId, extent: 'ALL', scopes: erasableScopes, kids: liveKeysOf(person.keys, erasableScopes), cause }),
  ...cancelled(pendingOn(person, erasableScopes), subjectRef, now),
]
