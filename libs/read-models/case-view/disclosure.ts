import type { Evolve } from '#decider/decider'
import type { DisclosureEvent } from '#domain/person/disclosure/events'
import { type Case, type CaseDisclosure, same, withFacts } from './facts.js'

const put = (was: Case, one: CaseDisclosure) => withFacts(was, { disclosures: { ...was.facts.disclosures, [one.disclosureId]: one } })
const become = (was: Case, disclosureId: string, state: CaseDisclosure['state'], at: string) => {
  const known = was.facts.disclosures[disclosureId]
  return known ? put(was, { ...known, state, at }) : was
}

export const disclosure: Evolve<Case, DisclosureEvent> = {
  DisclosureRequested: (was, { disclosureId, recipient, purpose }, { occurredAt }) =>
    put(was, { disclosureId, recipient, purpose, state: 'REQUESTED', at: occurredAt }),
  DisclosureAuthorised: same,
  DisclosureRefused: (was, { disclosureId }, { occurredAt }) => become(was, disclosureId, 'REFUSED', occurredAt),
  DataShared: (was, { disclosureId, recipient, purpose }, { occurredAt }) =>
    put(was, { disclosureId, recipient, purpose, state: 'QUEUED', at: occurredAt }),
  DisclosureReleased: same,
  DisclosureDispatched: (was, { disclosureId, sentAt }) => become(was, disclosureId, 'SENT', sentAt),
  DisclosureFoundSent: (was, { disclosureId, sentAt }) => become(was, disclosureId, 'SENT', sentAt),
  SentDisclosureFlagged: same,
  DisclosureDispatchFailed: (was, { disclosureId, at }) => become(was, disclosureId, 'FAILED', at),
  PendingDisclosureCancelled: (was, { disclosureId, at }) => become(was, disclosureId, 'CANCELLED', at),
}
