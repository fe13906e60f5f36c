import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { LawfulBasis } from '#kernel/lawful-basis'
import { WideMap } from '#kernel/wide-map'
import type { DisclosureEvent, DisclosureRequested } from './events.js'

export type Disclosure = {
  /** SENT: recorded as shared, on its way; DISPATCHED: it went out; FAILED: it did not yet; CANCELLED: it never will. */
  readonly state: 'REQUESTED' | 'REFUSED' | 'SENT' | 'DISPATCHED' | 'FAILED' | 'CANCELLED'
  readonly recipient: string
  readonly requestedBy: string
  readonly request?: DataOfEvent<typeof DisclosureRequested>
  /** What it is about, and since when it waits: what an erasure goes by. */
  readonly about?: About
  /** What the sharing rests on: looked at again just before sending. */
  readonly ground?: { readonly purpose: string; readonly basis: LawfulBasis; readonly consent: boolean }
}
type About = Pick<DataOfEvent<typeof DisclosureRequested>, 'purpose' | 'basis' | 'urgency' | 'categories' | 'fields'> & {
  readonly since: string
}
export type Disclosures = WideMap<Disclosure>

export const noDisclosures: Disclosures = WideMap.empty()

const aboutOf = ({ purpose, basis, urgency, categories, fields }: Omit<About, 'since'>, since: string): About => ({
  purpose,
  basis,
  urgency,
  categories,
  fields,
  since,
})

const become = (disclosures: Disclosures, disclosureId: string, state: Disclosure['state']): Disclosures => {
  const known = disclosures.get(disclosureId)
  return known ? disclosures.with(disclosureId, { ...known, state }) : disclosures
}

export const evolveDisclosures: Evolve<Disclosures, DisclosureEvent> = {
  DisclosureRequested: (disclosures, request, { actor, occurredAt }) =>
    disclosures.with(request.disclosureId, {
      state: 'REQUESTED',
      recipient: request.recipient,
      requestedBy: actor.id,
      request,
      about: aboutOf(request, occurredAt),
    }),
  DisclosureAuthorised: disclosures => disclosures,
  DisclosureRefused: (disclosures, { disclosureId }) => become(disclosures, disclosureId, 'REFUSED'),
  DataShared: (disclosures, { disclosureId, recipient, purpose, basis, ...shared }, { actor, occurredAt }) =>
    disclosures.with(disclosureId, {
      requestedBy: actor.id,
      about: aboutOf({ purpose, basis, ...shared }, occurredAt),
      ...disclosures.get(disclosureId),
      recipient,
      state: 'SENT',
      ground: { purpose, basis, consent: basis.art6 === 'a' },
    }),
  DisclosureDispatched: (disclosures, { disclosureId }) => become(disclosures, disclosureId, 'DISPATCHED'),
  DisclosureDispatchFailed: (disclosures, { disclosureId }) => become(disclosures, disclosureId, 'FAILED'),
  PendingDisclosureCancelled: (disclosures, { disclosureId }) => become(disclosures, disclosureId, 'CANCELLED'),
}
