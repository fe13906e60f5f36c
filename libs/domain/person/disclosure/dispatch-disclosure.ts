import type { Decided } from '#decider/command'
import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import type { Person } from '../person.js'
import { lawfulBasisOf } from './basis-rules.js'
import { isQueued } from './disclosures.js'
import {
  DisclosureDispatchFailed,
  DisclosureDispatched,
  type DisclosureEvent,
  DisclosureReleased,
  PendingDisclosureCancelled,
  type ReasonToCancel,
} from './events.js'
import { type SendingFacts, type StandsInTheWay, whyNotToSend, whyNotToHaveSent } from './looked-at-again.js'

export type Dispatching = {
  readonly disclosureId: DataOfEvent<typeof DisclosureDispatched>['disclosureId']
  readonly subjectRef: SubjectRef
}
type Dispatch = Decision<Person, Decided<DisclosureEvent>, never>
const nothing = accept<readonly Decided<DisclosureEvent>[]>([])

/** What leaves, or does not, rests on what the disclosure rests on. */
export const groundIn = ({ disclosures }: Person, disclosureId: string) => {
  const ground = disclosures.get(disclosureId)?.ground
  return ground && { purpose: ground.purpose, basis: lawfulBasisOf(ground.basis) }
}

/** In one word, for whoever looks through a list; the event has every rule beside it. */
const reasonFor: { readonly [W in StandsInTheWay]?: ReasonToCancel } = {
  SUBJECT_ERASED: 'SUBJECT_ERASED',
  PROCESSING_RESTRICTED: 'PROCESSING_RESTRICTED',
  CONSENT_WITHDRAWN: 'CONSENT_WITHDRAWN',
  CONSENT_NOT_GRANTED: 'CONSENT_WITHDRAWN',
  CONSENT_EXPIRED: 'CONSENT_EXPIRED',
  CONSENT_SCOPE_EXCEEDED: 'CONSENT_NARROWED',
}
/** The law forbids it now: the ground that it rested on is what is gone. */
export function cancelled(person: Person, work: Dispatching, why: readonly StandsInTheWay[], at: string, more: readonly string[] = []) {
  const reason = why.map(code => reasonFor[code]).find(one => one !== undefined) ?? 'GROUND_GONE'
  const purpose = groundIn(person, work.disclosureId)?.purpose
  const event = PendingDisclosureCancelled.of({ ...work, reason, because: [...why, ...more], at })
  return { ...event, ...(purpose ? { purpose, basis: { art6: 'c' } } : {}) }
}

/** C32: what waits to be sent, and may not be any more, is cancelled. */
export const cancelPending =
  (work: Dispatching, facts: SendingFacts): Dispatch =>
  person => {
    const disclosure = person.disclosures.get(work.disclosureId)
    const why = disclosure && isQueued(disclosure) ? whyNotToSend(person, work.disclosureId, facts) : []
    return why.length === 0 ? nothing : accept([cancelled(person, work, why, facts.now)])
  }

/** Decided at the revision at which it is written: whatever comes before it in the stream was looked at, and nothing comes between. */
export const releaseForSending =
  (work: Dispatching, transport: string, facts: SendingFacts): Dispatch =>
  person => {
    const disclosure = person.disclosures.get(work.disclosureId)
    if (!disclosure || !isQueued(disclosure) || whyNotToSend(person, work.disclosureId, facts).length > 0) return nothing
    return accept([{ ...DisclosureReleased.of({ ...work, transport, at: facts.now }), ...groundIn(person, work.disclosureId) }])
  }

const isReleased = ({ disclosures }: Person, disclosureId: string) => disclosures.get(disclosureId)?.state === 'RELEASED'

/** A worker died while it handed it over, and it may not be sent any more: it is not tried again, and somebody has to ask the recipient. */
export const giveUpReleased =
  (work: Dispatching, facts: SendingFacts): Dispatch =>
  person => {
    const why = isReleased(person, work.disclosureId) ? whyNotToSend(person, work.disclosureId, facts) : []
    return why.length === 0 ? nothing : accept([cancelled(person, work, why, facts.now, ['HAND_OVER_UNKNOWN'])])
  }

/** What became of a hand-over is on record as it was, whatever was said meanwhile; what was said before it left is for review. */
export const recordDispatch =
  (work: Dispatching, transport: string, facts: SendingFacts): Dispatch =>
  person => {
    if (!isReleased(person, work.disclosureId)) return nothing
    const reviewItems = whyNotToHaveSent(person, work.disclosureId, facts)
    const before = person.disclosures.get(work.disclosureId)?.reviewItems ?? []
    const toReview = reviewItems.length > 0 ? { reviewItems: [...new Set([...before, ...reviewItems])] } : {}
    const sent = DisclosureDispatched.of({ ...work, transport, sentAt: facts.now, ...toReview })
    return accept([{ ...sent, ...groundIn(person, work.disclosureId) }])
  }

export const recordFailure =
  (work: Dispatching, transport: string, at: string): Dispatch =>
  person =>
    isReleased(person, work.disclosureId)
      ? accept([{ ...DisclosureDispatchFailed.of({ ...work, transport, at }), ...groundIn(person, work.disclosureId) }])
      : nothing
