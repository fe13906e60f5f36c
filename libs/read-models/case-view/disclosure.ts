import type { Evolve } from '#decider/decider'
import type { DisclosureEvent } from '#domain/person/disclosure/events'
import { type Case, same, withFacts } from './facts.js'

export const disclosure: Evolve<Case, DisclosureEvent> = {
  DisclosureRequested: (was, { disclosureId, recipient, purpose }, { occurredAt }) =>
    withFacts(was, {
      disclosures: { ...was.facts.disclosures, [disclosureId]: { disclosureId, recipient, purpose, state: 'REQUESTED', at: occurredAt } },
    }),
  DisclosureAuthorised: same,
  DisclosureRefused: (was, { disclosureId }, { occurredAt }) => {
    const asked = was.facts.disclosures[disclosureId]
    return asked
      ? withFacts(was, { disclosures: { ...was.facts.disclosures, [disclosureId]: { ...asked, state: 'REFUSED', at: occurredAt } } })
      : was
  },
  DataShared: (was, { disclosureId, recipient, purpose, sentAt }) =>
    withFacts(was, {
      disclosures: { ...was.facts.disclosures, [disclosureId]: { disclosureId, recipient, purpose, state: 'SENT', at: sentAt } },
    }),
  DisclosureDispatched: same,
  DisclosureDispatchFailed: same,
  PendingDisclosureCancelled: (was, { disclosureId, at }) => {
    const sent = was.facts.disclosures[disclosureId]
    return sent ? withFacts(was, { disclosures: { ...was.facts.disclosures, [disclosureId]: { ...sent, state: 'CANCELLED', at } } }) : was
  },
}
