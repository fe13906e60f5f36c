import type { Commands } from '#commands/commands'
import { type StreamFolds, idOn } from '#commands/folds'
import { derivedId } from '#commands/ids'
import type { Policies } from '#commands/policies-in-force'
import { otherRecordsOf } from '#commands/records-of-one'
import type { Decision } from '#decider/decider'
import { type RecordOf, followComparison, followOthers } from '#domain/person/links/follow-links'
import { comparedWith } from '#domain/person/links/links'
import { type Person, type PersonEvent, person } from '#domain/person/person'
import type { DecodedEvent } from '#event-codec/codec'
import type { Clock } from '#kernel/clock'
import type { SubjectRef } from '#kernel/id'
import { takeStep } from './step.js'
import type { Work } from './work.js'

export const linkedRecordsProcess = 'linked-records'

type LinkServices = {
  readonly commands: Commands
  readonly folds: StreamFolds
  readonly policies: Pick<Policies, 'inForce'>
  readonly clock: Clock
}

/** What the other records of a person follow. What followed from it is on record as the machine's, and begins nothing again. */
const begin: readonly string[] = [
  'RecordsLinked',
  'RecordsToldApart',
  'ConflictDeclared',
  'ConflictEnded',
  'ErasureRequested',
  'ReferralAccepted',
  'EpisodeReopened',
  'ServiceUseEnded',
] satisfies readonly PersonEvent['type'][]
export function linksBegunBy({ type, stream, meta }: DecodedEvent): Work | undefined {
  if (!begin.includes(type) || meta.actor.role === 'system') return undefined
  return { workId: meta.eventId, stream, sourceEventId: meta.eventId }
}

/**
 * C10: the records of one person follow each other: what was said of two of them stands on both, whoever is shut out of one is shut out of
 * all, a request for erasure is on each of them, and all are kept as long as the last one. Idempotent.
 * @throws NotYet, StoreUnavailable: the work is tried again.
 */
export async function carryOutLinks(work: Work, services: LinkServices): Promise<void> {
  const { folds } = services
  const subjectRef: SubjectRef = idOn(person, work.stream)
  const { state } = await folds.load(person, subjectRef)
  const compared = comparedWith(state.links)
  // Nearly everybody has one record, and nothing follows.
  if (compared.length === 0) return
  for (const other of compared)
    if ((await folds.load(person, other)).state.intake.referral)
      await step(other, 'compared', work, services, followComparison(other, { subjectRef, state }))
  const together = await bringTogether(subjectRef, work, services)
  // Of whom it was told apart, the records are theirs alone again.
  for (const other of compared.filter(one => !together.includes(one))) await bringTogether(other, work, services)
}

/** Answers which records these are. */
async function bringTogether(one: SubjectRef, work: Work, services: LinkServices): Promise<readonly SubjectRef[]> {
  const { folds, policies, clock } = services
  const { state } = await folds.load(person, one)
  if (!state.intake.referral) return []
  const records: readonly RecordOf[] = [{ subjectRef: one, state }, ...(await otherRecordsOf(folds, one, state))]
  const now = clock.now()
  const { calendar, retention } = await policies.inForce(now)
  const conflictEnded = records.map(record => record.state.access.conflictEnded.get(work.sourceEventId)).find(ended => ended !== undefined)
  for (const { subjectRef } of records) {
    const others = records.filter(record => record.subjectRef !== subjectRef)
    const requestIdFor = (requestId: string) => derivedId<'RequestId'>(requestId, subjectRef)
    const facts = { now, calendar, retention, conflictEnded, requestIdFor }
    await step(subjectRef, 'followed', work, services, followOthers(subjectRef, others, facts))
  }
  return records.map(({ subjectRef }) => subjectRef)
}

const step = (
  of: SubjectRef,
  name: string,
  work: Work,
  { commands }: LinkServices,
  decide: Decision<Person, PersonEvent, never>,
): Promise<void> =>
  takeStep(
    commands,
    person,
    { ...work, workId: derivedId(work.workId, of), stream: `${person.category}-${of}` },
    { process: linkedRecordsProcess, name, purpose: 'REFERRAL_INTAKE', art6: 'f' },
    decide,
  )
