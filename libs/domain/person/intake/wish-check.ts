import { londonDate } from '#calendar/statutory-periods'
import type { Evolve } from '#decider/decider'
import type { StaffRef } from '#kernel/id'
import { daysAfter, isEarlier } from '#kernel/instants'
import type { ContactEvent } from '../contact/events.js'
import type { IntakeEvent } from './events.js'

/** C12: the person is being asked. There is none before somebody is to ask, and none once the person has said it or somebody decided. */
export type WishCheck = {
  readonly owner: StaffRef
  readonly requestedAt: string
  readonly due: string
  /** The days on which somebody tried, by a way that was safe. */
  readonly triedOn: readonly string[]
}
export type WishCheckStep =
  | Extract<IntakeEvent, { type: 'ServiceWishCheckRequested' | 'ServiceWishConfirmed' | 'ServiceDeclined' | 'ServiceWishUnresolved' }>
  | Extract<ContactEvent, { type: 'ContactMade' | 'ContactFailed' }>
type Was = WishCheck | undefined

/** How long somebody is asked, and on how many days at least, before their silence may end their referral. */
const askedForDays = 28
export const daysToTry = 3
export const dueAfter = (requestedAt: string) => daysAfter(requestedAt, askedForDays)

type Contact = Extract<WishCheckStep, { type: 'ContactMade' }>['data']
/** C58: a try against what the person wished is none; two on one day are one. */
function tried(was: Was, { about, against, contactedAt }: Pick<Contact, 'about' | 'against' | 'contactedAt'>): Was {
  if (!was || about !== 'SERVICE_WISH' || against.length > 0 || isEarlier(contactedAt, was.requestedAt)) return was
  const day = londonDate(contactedAt)
  return was.triedOn.includes(day) ? was : { ...was, triedOn: [...was.triedOn, day] }
}

/** The one fold for decisions, the case view and the list. */
export const evolveWishCheck: Evolve<Was, WishCheckStep> = {
  ServiceWishCheckRequested: (was, { owner, requestedAt, due }) => (was ? { ...was, owner } : { owner, requestedAt, due, triedOn: [] }),
  ContactMade: tried,
  ContactFailed: tried,
  ServiceWishConfirmed: () => undefined,
  // Nobody else's no says what the person wants.
  ServiceDeclined: (was, { declinedBy }) => (declinedBy === 'PERSON' ? undefined : was),
  ServiceWishUnresolved: () => undefined,
}
