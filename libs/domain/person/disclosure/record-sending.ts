import { type At, command, noCategories } from '#decider/command'
import { type Result, accept, refuse } from '#kernel/result'
import { type Refusal, refused } from '#kernel/refusals'
import { type Person, person } from '../person.js'
import { type Dispatching, groundIn } from './dispatch-disclosure.js'
import { type Disclosure, isOnItsWay } from './disclosures.js'
import { DisclosureDispatched, DisclosureFoundSent, type DisclosureMethod } from './events.js'
import { type StandsInTheWay, standInTheWay, whyNotToHaveSent, whyNotToSend } from './looked-at-again.js'
import type { SharingPolicy } from './matrix-row.js'

export type RecordSending = Dispatching & {
  /** When it went. Without it, it is sent now, if nothing stands in its way. */
  readonly sentAt?: string | undefined
  /** As the disclosure says, unless told. */
  readonly method?: DisclosureMethod | undefined
}
/** `policyThen` is the policy that was in force when it was sent. */
export type RecordSendingFacts = At & { readonly policy: SharingPolicy; readonly policyThen: SharingPolicy }

/**
 * C24, C32: whoever hands a disclosure over says so. One that is about to be sent is looked at again, and is refused where its ground is
 * gone; one that was sent is on record with the time at which it was, whatever has become of its ground, and is reviewed where that was
 * gone by then.
 */
export const recordSending = command({
  name: 'RecordSending',
  clauses: ['C24', 'C32'],
  says: 'Say that a disclosure is sent now, or when it was',
  aggregate: person,
  streamId: ({ subjectRef }: RecordSending) => subjectRef,
  capability: 'REQUEST_DISCLOSURE',
  purpose: 'SERVICE_PROVISION',
  basis: { art6: 'f' },
  // Judged by the matrix row, as it was asked for: C24.
  categories: noCategories,
  // Purpose and basis are judged with all that it rests on; and what was done is on record whoever did it, and whatever came of the person.
  exemptFrom: ({ sentAt }) => (sentAt === undefined ? ['W2', 'W3'] : ['W2', 'W3', 'W6', 'W7']),
  refusals: ['NOT_FOUND', 'DISCLOSURE_NOT_PENDING', 'DISCLOSURE_BEING_SENT', ...standInTheWay],
  decide:
    ({ sentAt, ...sending }: RecordSending, facts: RecordSendingFacts) =>
    person => {
      const disclosure = person.disclosures.get(sending.disclosureId)
      if (!disclosure) return refused('NOT_FOUND')
      if (!isOnItsWay(disclosure) && disclosure.state !== 'CANCELLED') return refused('DISCLOSURE_NOT_PENDING')
      const why = whyNotToSend(person, sending.disclosureId, facts)
      if (sentAt !== undefined) return accept([wasSent(person, disclosure, { ...sending, sentAt }, why, facts)])
      if (why.length > 0) return refusedFor(why)
      if (disclosure.state === 'CANCELLED') return refused('DISCLOSURE_NOT_PENDING')
      if (disclosure.state === 'RELEASED') return refused('DISCLOSURE_BEING_SENT')
      return accept([sent(person, disclosure, { ...sending, sentAt: facts.now })])
    },
})

function refusedFor([code = 'SUBJECT_ERASED', ...also]: readonly StandsInTheWay[]): Result<never, Refusal<StandsInTheWay>> {
  return refuse({ code, also })
}

type Sent = RecordSending & { readonly sentAt: string }
const methodOf = ({ ground }: Disclosure, { method }: Sent) => method ?? ground?.method ?? 'SECURE_EMAIL'

const sent = (person: Person, disclosure: Disclosure, sending: Sent, reviewItems?: readonly string[]) => ({
  ...DisclosureDispatched.of({ ...sending, transport: 'STAFF', method: methodOf(disclosure, sending), reviewItems }),
  ...groundIn(person, sending.disclosureId),
})

/** It happened: what stands in the way of sending it decides only by which event it is told, and what is reviewed. */
function wasSent(person: Person, disclosure: Disclosure, sending: Sent, why: readonly string[], { policyThen }: RecordSendingFacts) {
  const gone = whyNotToHaveSent(person, sending.disclosureId, { policy: policyThen, now: sending.sentAt })
  const reviewItems = [...new Set([...disclosure.reviewItems, ...gone])]
  if (why.length === 0 && disclosure.state !== 'CANCELLED')
    return sent(person, disclosure, sending, gone.length > 0 ? reviewItems : undefined)
  return {
    ...DisclosureFoundSent.of({ ...sending, method: methodOf(disclosure, sending), reviewItems }),
    ...groundIn(person, sending.disclosureId),
  }
}
