import type { Commands } from '#commands/commands'
import { type StreamFolds, idOn } from '#commands/folds'
import { derivedId } from '#commands/ids'
import type { SeenCommands } from '#commands/seen-commands'
import type { Decision } from '#decider/decider'
import { person } from '#domain/person/person'
import type { Person, PersonEvent } from '#domain/person/person'
import { completeErasure, confirmPurge, fenceErasure, recordDestroyedKeys } from '#domain/person/erasure/carry-out-erasure'
import { liveKeysOf } from '#domain/person/keys/keys'
import { requestOf } from '#domain/person/erasure/erasures'
import type { ErasureApproved } from '#domain/person/erasure/events'
import type { DecodedEvent, EventCodec } from '#event-codec/codec'
import { sealedValuesIn } from '#event-codec/walk'
import type { DataOfEvent } from '#event-kit/event'
import { type ErasureFenced, closesForGood } from '#event-kit/key-events'
import type { Scope } from '#event-kit/scope'
import type { EventStore } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import type { ErasureId, SubjectRef } from '#kernel/id'
import type { Sealed } from '#kernel/personal'
import type { ReadModels } from '#projections/postgres/read-models'
import { KeyMissing, SubjectErased, type SubjectKeys, causeOfErasure } from '#subject-keys/subject-keys'
import { takeStep } from './step.js'
import { NotYet, type Work } from './work.js'

export const erasureProcess = 'erasure'
const sampleSize = 50

/** The verification found something that should be gone. Nothing is certified, and somebody has to look. */
export class ErasureNotVerified extends Error {
  constructor(found: string) {
    super(`The erasure could not be verified: ${found}`)
  }
}

type ErasureWork = Work & { readonly erasureId: ErasureId; readonly subjectRef: SubjectRef }
type Erased = { readonly kids: readonly string[]; readonly scopes: readonly Scope[] }
type ErasureServices = {
  readonly commands: Commands
  readonly folds: StreamFolds
  readonly store: EventStore
  readonly codec: EventCodec
  readonly keys: SubjectKeys
  readonly readModels: Pick<ReadModels, 'names' | 'allHavePassed' | 'sealedValuesOf'>
  /** Puts back what a person is found by, from what is held. */
  readonly reindex: (subjectRef: SubjectRef) => Promise<void>
  readonly seen: Pick<SeenCommands, 'forgetSubject'>
  readonly clock: Clock
  /** When the key rotation ends that makes older copies unreadable. */
  readonly copiesUnreadableBy: () => Promise<string>
  /** Only the vault that held the keys can say that they are gone. @throws when the log names another one */
  readonly assertOwnLog: () => Promise<void>
}

/** What of an event begins an erasure: an approval, or the fence that a declined referral brought along (C13). */
export function erasureBegunBy(event: DecodedEvent): Work | undefined {
  if (event.type !== 'ErasureApproved' && event.type !== 'ErasureFenced') return undefined
  const { erasureId } = event.data as DataOfEvent<typeof ErasureApproved> | DataOfEvent<typeof ErasureFenced>
  return { workId: erasureId, stream: event.stream, sourceEventId: event.meta.eventId }
}

/**
 * Architecture §7: notices → fence → destroy keys → SubjectKeyDestroyed → purge → verify → certificate. Every step looks first whether it
 * was done, so a crash between any two resumes. (Outcome letter and Article 19 notices come later; the certificate says that they are
 * outstanding.)
 * @throws NotYet, ErasureNotVerified, StoreUnavailable, KeyStoreUnavailable: the work is tried again.
 */
export async function carryOutErasure(begun: Work, parts: ErasureServices): Promise<void> {
  const work: ErasureWork = { ...begun, erasureId: begun.workId as ErasureId, subjectRef: idOn(person, begun.stream) }
  const { keys, folds, readModels, seen, clock } = parts
  const { subjectRef } = work
  await parts.assertOwnLog()
  await renewAhead(work, parts)
  await step(work, 'fence', fenceErasure(work, clock.now()), parts)
  const fence = (await folds.load(person, subjectRef)).state.keys.fences.get(work.erasureId)
  if (!fence) throw new NotYet('the fence is not in the log')
  await keys.close({
    subject: subjectRef,
    scopes: fence.scopes,
    kids: fence.kids,
    fenceEventId: fence.eventId,
    cause: causeOfErasure(fence.scopes),
  })
  await step(work, 'destroyed', recordDestroyedKeys(work, clock.now()), parts)
  await seen.forgetSubject(subjectRef)
  // What is still held is found again, and what was given since.
  if (!closesForGood(fence.scopes)) await parts.reindex(subjectRef)
  const purgedTo = await positionOf(work, parts)
  if (!(await readModels.allHavePassed(purgedTo))) throw new NotYet('a read model has not passed the fence')
  await step(work, 'purged', confirmPurge(work, readModels.names, String(purgedTo)), parts)
  // Again: the database under a running worker may be another one by now.
  await parts.assertOwnLog()
  const verification = await verify(work, fence, parts)
  await step(
    work,
    'completed',
    completeErasure(work, {
      certificateId: derivedId(work.erasureId, 'certificate'),
      verification,
      completedAt: clock.now(),
      copiesUnreadableBy: await parts.copiesUnreadableBy(),
    }),
    parts,
  )
}

/**
 * The scopes of an erasure of a part go on: from before the fence on the next generation seals, so that nobody who records something has
 * to wait for the old key to be destroyed. A key that is lost has none.
 */
async function renewAhead({ subjectRef, erasureId }: ErasureWork, { folds, keys }: ErasureServices): Promise<void> {
  const { state } = await folds.load(person, subjectRef)
  const [, approved] = requestOf(state.erasures, erasureId) ?? []
  if (state.keys.fences.has(erasureId) || !approved?.scopes || closesForGood(approved.scopes)) return
  for (const kid of liveKeysOf(state.keys, approved.scopes)) {
    try {
      await keys.renew(subjectRef, kid)
    } catch (error) {
      if (!(error instanceof KeyMissing) && !(error instanceof SubjectErased)) throw error
    }
  }
}

const step = (work: ErasureWork, name: string, decide: Decision<Person, PersonEvent, never>, { commands }: ErasureServices) =>
  takeStep(commands, person, work, { process: erasureProcess, name, purpose: 'RIGHTS_FULFILMENT', art6: 'c' }, decide)

/** The position that the read models have to pass: the fence's own, or what stands behind it by now. */
async function positionOf({ subjectRef }: ErasureWork, { folds }: ErasureServices): Promise<bigint> {
  return (await folds.load(person, subjectRef)).position ?? 0n
}

async function verify({ subjectRef, stream }: ErasureWork, { kids, scopes }: Erased, parts: ErasureServices) {
  const { keys, indexRows } = await remainingOf(subjectRef, { kids, scopes }, parts)
  const sealedValuesFound = await parts.readModels.sealedValuesOf(subjectRef, kids)
  const sample = await ciphertextsUnder(kids, stream, parts)
  const opened = await parts.keys.probe(subjectRef, sample)
  if (keys + indexRows + sealedValuesFound + opened > 0) {
    throw new ErasureNotVerified(`${keys} keys, ${indexRows} index rows, ${sealedValuesFound} sealed values, ${opened} values that open`)
  }
  return { keysFound: keys, indexRowsFound: indexRows, sealedValuesFound, ciphertextsTried: sample.length, ciphertextsOpened: opened }
}

/** Of a part: a scope in which something was given again has a key, and is found. */
async function remainingOf(subjectRef: SubjectRef, { kids, scopes }: Erased, { keys, folds }: ErasureServices) {
  if (closesForGood(scopes)) return keys.remaining(subjectRef, kids, scopes)
  const goingOn = new Set((await folds.load(person, subjectRef)).state.keys.live.values())
  const { indexRows } = await keys.remaining(
    subjectRef,
    [],
    scopes.filter(scope => !goingOn.has(scope)),
  )
  return { keys: (await keys.remaining(subjectRef, kids, [])).keys, indexRows }
}

async function ciphertextsUnder(kids: readonly string[], stream: string, { store, codec }: ErasureServices): Promise<readonly Sealed[]> {
  const found: Sealed[] = []
  for await (const recorded of store.readStream(stream)) {
    found.push(...sealedValuesIn(codec.decode(recorded).data).filter(({ kid }) => kids.includes(kid)))
    if (found.length >= sampleSize) break
  }
  return found.slice(0, sampleSize)
}
