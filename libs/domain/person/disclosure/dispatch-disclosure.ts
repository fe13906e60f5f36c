import type { Decided } from '#decider/command'
import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { consentKey } from '../consent/consents.js'
import { isErased } from '../keys/keys.js'
import type { Person } from '../person.js'
import { DisclosureDispatchFailed, DisclosureDispatched, type DisclosureEvent, PendingDisclosureCancelled } from './events.js'

export type Dispatching = {
  readonly disclosureId: DataOfEvent<typeof DisclosureDispatched>['disclosureId']
  readonly subjectRef: SubjectRef
}
type Reason = DataOfEvent<typeof PendingDisclosureCancelled>['reason']

/** Recorded as shared, and not out of the house yet. */
export const isPending = ({ disclosures }: Person, disclosureId: string) =>
  ['SENT', 'FAILED'].includes(disclosures.get(disclosureId)?.state ?? '')

/** C32: what was queued is looked at again just before it is sent. Undefined: send it. */
export function whyNotToSend(person: Person, disclosureId: string, now: string): Reason | undefined {
  const disclosure = person.disclosures.get(disclosureId)
  if (isErased(person.keys)) return 'SUBJECT_ERASED'
  if (!disclosure?.ground?.consent) return undefined
  const consent = person.consents.get(consentKey(disclosure.recipient, disclosure.ground.purpose))
  if (consent?.state !== 'GIVEN') return 'CONSENT_WITHDRAWN'
  return consent.validUntil !== undefined && Date.parse(consent.validUntil) <= Date.parse(now) ? 'CONSENT_EXPIRED' : undefined
}

/** What leaves, or does not, rests on what the disclosure rests on. */
const groundIn = ({ disclosures }: Person, disclosureId: string) => {
  const ground = disclosures.get(disclosureId)?.ground
  return ground && { purpose: ground.purpose, basis: ground.basis }
}

export const cancelPending =
  (work: Dispatching, at: string): Decision<Person, Decided<DisclosureEvent>, never> =>
  person => {
    const reason = isPending(person, work.disclosureId) ? whyNotToSend(person, work.disclosureId, at) : undefined
    const purpose = groundIn(person, work.disclosureId)?.purpose
    // The law forbids it now: the ground that it rested on is what is gone.
    return accept(
      reason ? [{ ...PendingDisclosureCancelled.of({ ...work, reason, at }), ...(purpose ? { purpose, basis: { art6: 'c' } } : {}) }] : [],
    )
  }

export const recordDispatch =
  (work: Dispatching, transport: string, at: string): Decision<Person, Decided<DisclosureEvent>, never> =>
  person =>
    accept(
      isPending(person, work.disclosureId)
        ? [{ ...DisclosureDispatched.of({ ...work, transport, at }), ...groundIn(person, work.disclosureId) }]
        : [],
    )

/** The first failure is on record; the tries after it are not. */
export const recordFailure =
  (work: Dispatching, transport: string, at: string): Decision<Person, Decided<DisclosureEvent>, never> =>
  person =>
    accept(
      person.disclosures.get(work.disclosureId)?.state === 'SENT'
        ? [{ ...DisclosureDispatchFailed.of({ ...work, transport, at }), ...groundIn(person, work.disclosureId) }]
        : [],
    )
