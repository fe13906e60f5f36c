import type { Decided } from '#decider/command'
import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import type { Person } from '../person.js'
import { lawfulBasisOf } from './basis-rules.js'
import { isOnItsWay } from './disclosures.js'
import {
  DisclosureDispatchFailed,
  DisclosureDispatched,
  type DisclosureEvent,
  PendingDisclosureCancelled,
  type ReasonToCancel,
} from './events.js'
import { type SendingFacts, whyNotToSend } from './looked-at-again.js'

export type Dispatching = {
  readonly disclosureId: DataOfEvent<typeof DisclosureDispatched>['disclosureId']
  readonly subjectRef: SubjectRef
}

/** Recorded as shared, and not out of the house yet. */
export const isPending = ({ disclosures }: Person, disclosureId: string) => {
  const disclosure = disclosures.get(disclosureId)
  return disclosure !== undefined && isOnItsWay(disclosure)
}

/** What leaves, or does not, rests on what the disclosure rests on. */
const groundIn = ({ disclosures }: Person, disclosureId: string) => {
  const ground = disclosures.get(disclosureId)?.ground
  return ground && { purpose: ground.purpose, basis: lawfulBasisOf(ground.basis) }
}

/** In one word, for whoever looks through a list; the event has every rule beside it. */
const reasonFor: Readonly<Record<string, ReasonToCancel>> = {
  SUBJECT_ERASED: 'SUBJECT_ERASED',
  PROCESSING_RESTRICTED: 'PROCESSING_RESTRICTED',
  CONSENT_WITHDRAWN: 'CONSENT_WITHDRAWN',
  CONSENT_NOT_GRANTED: 'CONSENT_WITHDRAWN',
  CONSENT_EXPIRED: 'CONSENT_EXPIRED',
  CONSENT_SCOPE_EXCEEDED: 'CONSENT_NARROWED',
}

export const cancelPending =
  (work: Dispatching, facts: SendingFacts): Decision<Person, Decided<DisclosureEvent>, never> =>
  person => {
    const because = isPending(person, work.disclosureId) ? whyNotToSend(person, work.disclosureId, facts) : []
    if (because.length === 0) return accept([])
    const reason = because.map(code => reasonFor[code]).find(one => one !== undefined) ?? 'GROUND_GONE'
    const purpose = groundIn(person, work.disclosureId)?.purpose
    const cancelled = PendingDisclosureCancelled.of({ ...work, reason, because, at: facts.now })
    // The law forbids it now: the ground that it rested on is what is gone.
    return accept([{ ...cancelled, ...(purpose ? { purpose, basis: { art6: 'c' } } : {}) }])
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
