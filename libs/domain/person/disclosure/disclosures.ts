import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { WideMap } from '#kernel/wide-map'
import type { DataShared, DisclosureEvent, DisclosureRequested } from './events.js'

export type Disclosure = {
  /**
   * QUEUED: on record, and waits to be sent; RELEASED: a transport has it; SENT: it went out; FAILED: it could not yet; CANCELLED: it was
   * not to.
   */
  readonly state: 'REQUESTED' | 'REFUSED' | 'QUEUED' | 'RELEASED' | 'SENT' | 'FAILED' | 'CANCELLED'
  readonly recipient: string
  readonly requestedBy: string
  readonly request?: DataOfEvent<typeof DisclosureRequested>
  /** What it is about, and since when it waits: what an erasure goes by. */
  readonly about?: About
  /** What the sharing rests on: looked at again just before sending. */
  readonly ground?: Ground
  readonly authorisedAt?: string
  readonly sentAt?: string
  /** What somebody is to look at, of what went ahead and of how it was sent. */
  readonly reviewItems: readonly string[]
  /** How often a transport could not send it, and when it tried last. */
  readonly tries: { readonly failed: number; readonly at: string }
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
  | 'method'
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
  const { recipient, purpose, basis, categories, fields, method, confidentialityBasis, notification, urgency } = shared
  const { reviewItems, orderReference } = shared
  return {
    recipient,
    purpose,
    basis,
    categories,
    fields,
    requiredFields: shared.requiredFields,
    method,
    confidentialityBasis,
    notification,
    urgency,
    reviewItems,
    hasOrderReference: (orderReference ?? asked?.request?.orderReference) !== undefined,
  }
}

const noTries = { failed: 0, at: '' }
type Change = Partial<Pick<Disclosure, 'state' | 'sentAt' | 'reviewItems' | 'tries'>>
const become = (disclosures: Disclosures, disclosureId: string, change: Change | ((was: Disclosure) => Change)): Disclosures => {
  const known = disclosures.get(disclosureId)
  return known ? disclosures.with(disclosureId, { ...known, ...(typeof change === 'function' ? change(known) : change) }) : disclosures
}

type InState = Pick<Disclosure, 'state'>
/** On record, and in nobody’s hands yet: it can be stopped. */
export const isQueued = ({ state }: InState) => state === 'QUEUED' || state === 'FAILED'
/** On record, and not out of the house, as far as anybody knows. */
export const isOnItsWay = (one: InState) => isQueued(one) || one.state === 'RELEASED'
/** On record as decided, whether it went out or not, and not cancelled. */
export const wasShared = (one: InState) => isOnItsWay(one) || one.state === 'SENT'

export const evolveDisclosures: Evolve<Disclosures, DisclosureEvent> = {
  DisclosureRequested: (disclosures, request, { actor, occurredAt }) =>
    disclosures.with(request.disclosureId, {
      state: 'REQUESTED',
      recipient: request.recipient,
      requestedBy: actor.id,
      request,
      about: aboutOf(request, occurredAt),
      reviewItems: [],
      tries: noTries,
    }),
  DisclosureAuthorised: disclosures => disclosures,
  DisclosureRefused: (disclosures, { disclosureId }) => become(disclosures, disclosureId, { state: 'REFUSED' }),
  DataShared: (disclosures, shared, { actor, occurredAt }) => {
    const asked = disclosures.get(shared.disclosureId)
    return disclosures.with(shared.disclosureId, {
      requestedBy: actor.id,
      about: aboutOf(shared, occurredAt),
      ...asked,
      recipient: shared.recipient,
      state: 'QUEUED',
      ground: groundOf(shared, asked),
      authorisedAt: occurredAt,
      reviewItems: shared.reviewItems,
      tries: noTries,
    })
  },
  DisclosureReleased: (disclosures, { disclosureId }) => become(disclosures, disclosureId, { state: 'RELEASED' }),
  DisclosureDispatched: (disclosures, { disclosureId, sentAt, reviewItems }) =>
    become(disclosures, disclosureId, { state: 'SENT', sentAt, ...(reviewItems ? { reviewItems } : {}) }),
  DisclosureFoundSent: (disclosures, { disclosureId, sentAt, reviewItems }) =>
    become(disclosures, disclosureId, { state: 'SENT', sentAt, reviewItems }),
  SentDisclosureFlagged: (disclosures, { disclosureId, reviewItems }) => become(disclosures, disclosureId, { reviewItems }),
  DisclosureDispatchFailed: (disclosures, { disclosureId, at }) =>
    become(disclosures, disclosureId, was => ({ state: 'FAILED', tries: { failed: was.tries.failed + 1, at } })),
  PendingDisclosureCancelled: (disclosures, { disclosureId }) => become(disclosures, disclosureId, { state: 'CANCELLED' }),
}
