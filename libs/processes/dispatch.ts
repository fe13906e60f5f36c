import type { Commands } from '#commands/commands'
import { type StreamFolds, idOn } from '#commands/folds'
import type { Policies } from '#commands/policies-in-force'
import { sharingPolicyOf } from '#commands/sharing-policy'
import type { Decision } from '#decider/decider'
import {
  type Dispatching,
  cancelPending,
  giveUpReleased,
  recordDispatch,
  recordFailure,
  releaseForSending,
} from '#domain/person/disclosure/dispatch-disclosure'
import { type Disclosure, isOnItsWay } from '#domain/person/disclosure/disclosures'
import type { DataShared } from '#domain/person/disclosure/events'
import { type SendingFacts, whyNotToSend } from '#domain/person/disclosure/looked-at-again'
import { type Person, type PersonEvent, person } from '#domain/person/person'
import type { DecodedEvent } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { Clock } from '#kernel/clock'
import type { SubjectRef } from '#kernel/id'
import { takeStep } from './step.js'
import { NotYet, type Work } from './work.js'

/** How a disclosure leaves by itself. It may be asked twice for one disclosure id, after a crash: it sends once. */
export interface DisclosureTransport {
  readonly name: string
  /** @throws when it could not be sent: it is tried again. */
  handOver(disclosure: { readonly disclosureId: string; readonly recipient: string }): Promise<void>
}

export const dispatchProcess = 'dispatch'
type DispatchServices = {
  readonly commands: Commands
  readonly folds: StreamFolds
  readonly policies: Pick<Policies, 'inForce'>
  readonly transport: DisclosureTransport
  readonly clock: Clock
}

export function dispatchBegunBy(event: DecodedEvent): Work | undefined {
  if (event.type !== 'DataShared') return undefined
  const { disclosureId } = event.data as DataOfEvent<typeof DataShared>
  return { workId: disclosureId, stream: event.stream, sourceEventId: event.meta.eventId }
}

/**
 * ADR-0019: looked at again and released in one append, at the revision that was looked at; then handed over; then told. What comes in
 * between the first and the last is told as it was: an erasure waits for it, a withdrawal makes it one for review.
 */
export async function dispatchDisclosure(work: Work, parts: DispatchServices): Promise<void> {
  const { transport, clock } = parts
  const disclosure: Dispatching = { disclosureId: work.workId as Dispatching['disclosureId'], subjectRef: idOn(person, work.stream) }
  const found = await released(work, disclosure, parts)
  if (!found) return
  const { recipient, tries } = found
  try {
    await transport.handOver({ disclosureId: work.workId, recipient })
  } catch (error) {
    await step(work, `failed-${tries.failed}`, recordFailure(disclosure, transport.name, clock.now()), parts)
    throw error
  }
  await step(work, `dispatched-${tries.failed}`, recordDispatch(disclosure, transport.name, await sendingFacts(parts)), parts)
}

/** The disclosure, once it is this worker's to hand over. Undefined: it is not to be sent, or was. @throws NotYet */
async function released(work: Work, disclosure: Dispatching, parts: DispatchServices): Promise<Disclosure | undefined> {
  const { transport, clock } = parts
  const state = await stateOf(disclosure.subjectRef, parts)
  const found = state.disclosures.get(work.workId)
  if (!found || !isOnItsWay(found)) return undefined
  const facts = await sendingFacts(parts)
  const mayGo = whyNotToSend(state, work.workId, facts).length === 0
  // Whoever released it died before it was told what became of it: it is handed over again, which sends once.
  if (found.state === 'RELEASED' && mayGo) return found
  if (!mayGo) {
    const decide = found.state === 'RELEASED' ? giveUpReleased(disclosure, facts) : cancelPending(disclosure, facts)
    await step(work, `cancelled-${found.tries.failed}`, decide, parts)
    return undefined
  }
  if (clock.now() < dueAfter(found.tries)) throw new NotYet('it is not time for another try')
  await step(work, `released-${found.tries.failed}`, releaseForSending(disclosure, transport.name, facts), parts)
  const now = (await stateOf(disclosure.subjectRef, parts)).disclosures.get(work.workId)
  if (now?.state !== 'RELEASED') throw new NotYet('something came in between')
  return now
}

const longestPause = 3_600_000
/** Each try is on record: they become fewer. */
const dueAfter = ({ failed, at }: Disclosure['tries']) =>
  failed === 0 ? '' : new Date(Date.parse(at) + Math.min(longestPause, 1_000 * 2 ** Math.min(failed - 1, 12))).toISOString()

const stateOf = async (subjectRef: SubjectRef, { folds }: DispatchServices) => (await folds.load(person, subjectRef)).state

/** By the policies in force now, not when it was recorded. */
const sendingFacts = async ({ policies, clock }: DispatchServices): Promise<SendingFacts> => {
  const now = clock.now()
  return { policy: sharingPolicyOf(await policies.inForce(now)), now }
}

const step = (work: Work, name: string, decide: Decision<Person, PersonEvent, never>, { commands }: DispatchServices) =>
  takeStep(commands, person, work, { process: dispatchProcess, name, purpose: 'SERVICE_PROVISION', art6: 'f' }, decide)
