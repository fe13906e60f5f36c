import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { DisclosureEvent, DisclosureRequested } from './events.js'

export type Disclosure = {
  readonly state: 'REQUESTED' | 'SENT' | 'REFUSED'
  readonly recipient: string
  readonly requestedBy: string
  readonly request?: DataOfEvent<typeof DisclosureRequested>
}
export type Disclosures = ReadonlyMap<string, Disclosure>

export const noDisclosures: Disclosures = new Map()

const become = (disclosures: Disclosures, disclosureId: string, state: Disclosure['state']): Disclosures => {
  const known = disclosures.get(disclosureId)
  return known ? new Map(disclosures).set(disclosureId, { ...known, state }) : disclosures
}

export const evolveDisclosures: Evolve<Disclosures, DisclosureEvent> = {
  DisclosureRequested: (disclosures, request, { actor }) =>
    new Map(disclosures).set(request.disclosureId, { state: 'REQUESTED', recipient: request.recipient, requestedBy: actor.id, request }),
  DisclosureAuthorised: disclosures => disclosures,
  DisclosureRefused: (disclosures, { disclosureId }) => become(disclosures, disclosureId, 'REFUSED'),
  DataShared: (disclosures, { disclosureId, recipient }, { actor }) =>
    disclosures.has(disclosureId) ? become(disclosures, disclosureId, 'SENT') : new Map(disclosures).set(disclosureId, { state: 'SENT', recipient, requestedBy: actor.id }),
}
