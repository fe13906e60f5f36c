import type { Commands } from '#commands/commands'
import { type StreamFolds, idOn } from '#commands/folds'
import type { Policies } from '#commands/policies-in-force'
import { sharingPolicyOf } from '#commands/sharing-policy'
import type { Decision } from '#decider/decider'
import { type Dispatching, cancelPending, isPending, recordDispatch, recordFailure } from '#domain/person/disclosure/dispatch-disclosure'
import type { DataShared } from '#domain/person/disclosure/events'
import { type SendingFacts, whyNotToSend } from '#domain/person/disclosure/looked-at-again'
import { type Person, type PersonEvent, person } from '#domain/person/person'
import type { DecodedEvent } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { Clock } from '#kernel/clock'
import type { SubjectRef } from '#kernel/id'
import { takeStep } from './step.js'
import type { Work } from './work.js'

/** How a disclosure leaves. It may be asked twice for one disclosure id, after a crash: it sends once. */
export interface DisclosureTransport {
  readonly name: string
  /** @throws when it could not be sent: it is tried again. */
  handOver(disclosure: { readonly disclosureId: string; readonly recipient: string }): Promise<void>
}

/** A member of staff hands it over, by the method that the disclosure names: nothing leaves the machine by itself. */
export const staffHandOver: DisclosureTransport = { name: 'STAFF', handOver: () => Promise.resolve() }

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

/** Record, then send (architecture §3): DataShared stands in the log; the person's stream is folded again just before sending (C32). */
export async function dispatchDisclosure(work: Work, parts: DispatchServices): Promise<void> {
  const { folds, transport, clock } = parts
  const subjectRef: SubjectRef = idOn(person, work.stream)
  const { state } = await folds.load(person, subjectRef)
  if (!isPending(state, work.workId)) return
  const disclosure: Dispatching = { disclosureId: work.workId as Dispatching['disclosureId'], subjectRef }
  const facts = await sendingFacts(parts)
  if (whyNotToSend(state, work.workId, facts).length > 0) {
    await step(work, 'cancelled', cancelPending(disclosure, facts), parts)
    return
  }
  try {
    await transport.handOver({ disclosureId: work.workId, recipient: state.disclosures.get(work.workId)?.recipient ?? '' })
  } catch (error) {
    await step(work, 'failed', recordFailure(disclosure, transport.name, clock.now()), parts)
    throw error
  }
  await step(work, 'dispatched', recordDispatch(disclosure, transport.name, clock.now()), parts)
}

/** By the policies in force now, not when it was recorded. */
const sendingFacts = async ({ policies, clock }: DispatchServices): Promise<SendingFacts> => {
  const now = clock.now()
  return { policy: sharingPolicyOf(await policies.inForce(now)), now }
}

const step = (work: Work, name: string, decide: Decision<Person, PersonEvent, never>, { commands }: DispatchServices) =>
  takeStep(commands, person, work, { process: dispatchProcess, name, purpose: 'SERVICE_PROVISION', art6: 'f' }, decide)
