import { type HolidayCalendar, londonDate } from '#calendar/statutory-periods'
import { workingDayAfter } from '#calendar/working-days-after'
import { type Scope, scopeOfCategory } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import { type Disclosure, isOnItsWay } from '../disclosure/disclosures.js'
import { PendingDisclosureCancelled } from '../disclosure/events.js'
import { openReviews } from '../emergency/emergencies.js'
import type { Person } from '../person.js'
import { openConcerns } from '../standing/facts.js'

type DisclosureId = Parameters<typeof PendingDisclosureCancelled.of>[0]['disclosureId']
type Pending = Disclosure & { readonly disclosureId: DisclosureId }

/** How long what protects somebody, or is due by law, may hold an erasure up (C13). */
const longestDeferral = 5

/** Disclosures that wait for their approval or are not out of the house yet, and say or rest on something of these scopes. */
export function pendingOn(person: Person, scopes: readonly Scope[]): readonly Pending[] {
  return [...person.disclosures.entries()]
    .map(([disclosureId, disclosure]): Pending => ({ ...disclosure, disclosureId: disclosureId as DisclosureId }))
    .filter(one => one.state === 'REQUESTED' || isOnItsWay(one))
    .filter(one => saysOf(person, one, scopes))
}

/** Whether an erasure was approved, and is not carried out yet, of something that the disclosure says or rests on. */
export const isToBeErasedIn = (person: Person, disclosure: Disclosure) =>
  [...person.erasures.requests.values()].some(
    ({ erasureId, scopes = [] }) => erasureId !== undefined && !person.keys.fences.has(erasureId) && saysOf(person, disclosure, scopes),
  )

const saysOf = (person: Person, disclosure: Disclosure, scopes: readonly Scope[]) =>
  scopesOf(person, disclosure).some(scope => scopes.includes(scope))

/** A transport has something of these scopes in its hands: whether it left will be on record in a moment. */
export const isBeingSent = (person: Person, scopes: readonly Scope[]) => pendingOn(person, scopes).some(({ state }) => state === 'RELEASED')

/** Where the values lie, and the words that say why it is needed. */
function scopesOf({ held }: Person, { about }: Disclosure): readonly Scope[] {
  if (!about) return ['NARR']
  const { fields, categories } = about
  return ['NARR', ...categories.map(category => scopeOfCategory[category]), ...fields.flatMap(field => held.get(field)?.scope ?? [])]
}

/** C25, C26: made whatever the person says: to protect somebody, for the law or for a court, or at once. */
export const isProtective = ({ about }: Disclosure) =>
  about !== undefined && (about.protects || ['c', 'd', 'ea'].includes(about.basis.art6) || about.urgency === 'IMMEDIATE')

/**
 * Whether an erasure of these scopes still has to wait: for a disclosure that protects somebody, for a concern that nobody has closed, or
 * for the review of what was told in an emergency, whose reasons would be gone.
 */
export function isDeferred(person: Person, scopes: readonly Scope[], now: string, calendar: HolidayCalendar) {
  const protecting = pendingOn(person, scopes)
    .filter(isProtective)
    .map(({ about }) => about?.since ?? now)
  const toReview = scopes.includes('NARR') ? openReviews(person.emergencies).map(({ since }) => since) : []
  const concerns = scopes.includes(scopeOfCategory.SG) ? openConcerns(person.facts, now).map(({ from }) => from) : []
  return [...protecting, ...toReview, ...concerns].some(since => londonDate(now) <= workingDayAfter(since, longestDeferral, calendar))
}

/** What will never be sent, because what it says is erased. */
export const cancelled = (pending: readonly Pending[], subjectRef: SubjectRef, at: string) =>
  pending.map(({ disclosureId }) =>
    PendingDisclosureCancelled.of({ disclosureId, subjectRef, reason: 'SUBJECT_ERASED', because: ['SUBJECT_ERASED'], at }),
  )
