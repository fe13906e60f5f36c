import type { Commands } from '#commands/commands'
import { type StreamFolds, idOn } from '#commands/folds'
import { recordDestroyedStaffKeys } from '#domain/staff/record-destroyed-keys'
import { staff } from '#domain/staff/staff'
import type { DecodedEvent, EventCodec } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import { StaffDetailsErased } from '#event-kit/key-events'
import type { EventStore } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import type { StaffRef } from '#kernel/id'
import { type SubjectKeys, causeOfErasure } from '#subject-keys/subject-keys'
import { takeStep } from './step.js'
import { NotYet, type Work } from './work.js'

export const staffDetailsProcess = 'staff-details'

type StaffDetailsServices = {
  readonly commands: Commands
  readonly folds: StreamFolds
  readonly store: EventStore
  readonly codec: EventCodec
  readonly keys: Pick<SubjectKeys, 'close'>
  readonly clock: Clock
  /** Only the vault that held the keys can say that they are gone. @throws when the log names another one */
  readonly assertOwnLog: () => Promise<void>
}

/** Somebody who left is forgotten. */
export const staffErasureBegunBy = ({ type, stream, meta }: DecodedEvent): Work | undefined =>
  type === StaffDetailsErased.type ? { workId: meta.eventId, stream, sourceEventId: meta.eventId } : undefined

/**
 * Destroys the keys that the fence names, and says so on record. No read model holds what they sealed. Idempotent.
 * @throws NotYet, StoreUnavailable, KeyStoreUnavailable: the work is tried again.
 */
export async function carryOutStaffErasure(work: Work, { commands, store, codec, keys, clock, assertOwnLog }: StaffDetailsServices) {
  const staffRef: StaffRef = idOn(staff, work.stream)
  const fence = await fenceOf(work, store, codec)
  await assertOwnLog()
  const { scopes, kids } = fence
  await keys.close({ subject: staffRef, scopes, kids, fenceEventId: work.sourceEventId, cause: causeOfErasure(scopes) })
  await takeStep(
    commands,
    staff,
    work,
    { process: staffDetailsProcess, name: 'destroyed', purpose: 'LEGAL_OBLIGATION', art6: 'c' },
    recordDestroyedStaffKeys({ staffRef, kids, destroyedAt: clock.now() }),
  )
}

async function fenceOf({ stream, sourceEventId }: Work, store: EventStore, codec: EventCodec) {
  for await (const event of store.readStream(stream))
    if (event.id === sourceEventId) return codec.decode(event).data as DataOfEvent<typeof StaffDetailsErased>
  throw new NotYet('the fence is not in the log')
}
