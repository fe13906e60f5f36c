import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { WideMap } from '#kernel/wide-map'
import type { DataShared, DisclosureEvent, DisclosureRequested } from './events.js'

export type Disclosure = {
  /** SENT: recorded as shared, on its way; DISPATCHED: it went out; FAILED: it did not yet; CANCELLED: it never will. */
  readonly state: 'REQUESTED' | 'REFUSED' | 'SENT' | 'DISPATCHED' | 'FAILED' | 'CANCELLED'
  readonly recipient: string
  readonly requestedBy: string
  readonly request?: DataOfEvent<typeof DisclosureRequested>
  /** What it is about, and since when it waits: what an erasure goes by. */
  readonly about?: About
  /** What the sharing rests on: looked at again just before sending. */
  readonly ground?: Ground
}
/** What was asked for and shared, as it was judged. `reviewItems` are the rules that it went ahead of. */
export type Ground = Pick<
  DataOfEvent<typeof DataShared>,
  | 'recipient'
  | 'purpose'
  | 'basis'
  | 'categories'
  | 'fields'
  | 'requiredFields'
  | 'confidentialityBasis'
  | 'notification'
  | 'urgency'
  | 'reviewItems'
> & { readonly hasOrderReference: boolean }
type About = Pick<DataOfEvent<typeof DisclosureRequested>, 'purpose' | 'basis' | 'urgency' | 'categories' | 'fields' | 'protects'> & {
  readonly since: string
}
export type Disclosures = WideMap<Disclosure>

export const noDisclosures: Disclosures = WideMap.empty()

const aboutOf = ({ purpose, basis, urgency, categories, fields, protects }: Omit<About, 'since'>, since: string): About => ({
  purpose,
  basis,
  urgency,
  categories,
  fields,
  protects,
  since,
})

const groundOf = (shared: DataOfEvent<typeof DataShared>, asked: Disclosure | undefined): Ground => {
  const { recipient, purpose, basis, categories, fields, confidentialityBasis, notification, urgency, reviewItems, orderReference } = shared
  return {
    recipient,
    purpose,
    basis,
    categories,
    fields,
    requiredFields: shared.requiredFields,
    confidentialityBasis,
    notification,
    urgency,
    reviewItems,
    hasOrderReference: (orderReference ?? asked?.request?.orderReference) !== undefined,
  }
}

const become = (disclosures: Disclosures, disclosureId: string, state: Disclosure['state']): Disclosures => {
  const known = disclosures.get(disclosureId)
  return known ? disclosures.with(disclosureId, { ...known, state }) : disclosures
}

/** Recorded as shared, and not out of the house yet. */
export const isOnItsWay = ({ state }: Pick<Disclosure, 'state'>) => state === 'SENT' || state === 'FAILED'

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
  DataShared: (disclosures, shared, { actor, occurredAt }) => {
    const asked = disclosures.get(shared.disclosureId)
    return disclosures.with(shared.disclosureId, {
      requestedBy: actor.id,
      about: aboutOf(shared, occurredAt),
      ...asked,
      recipient: shared.recipient,
      state: 'SENT',
      ground: groundOf(shared, asked),
    })
  },
  DisclosureDispatched: (disclosures, { disclosureId }) => become(disclosures, disclosureId, 'DISPATCHED'),
  DisclosureDispatchFailed: (disclosures, { disclosureId }) => become(disclosures, disclosureId, 'FAILED'),
  PendingDisclosureCancelled: (disclosures, { disclosureId }) => become(disclosures, disclosureId, 'CANCELLED'),
}
