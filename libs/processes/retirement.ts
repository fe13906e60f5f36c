import { type StreamFolds, idOn } from '#commands/folds'
import { person } from '#domain/person/person'
import type { DecodedEvent } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { KeyRetired } from '#event-kit/key-events'
import type { KeyId, SubjectRef } from '#kernel/id'
import type { SubjectKeys } from '#subject-keys/subject-keys'
import { NotYet, type Work } from './work.js'

export const retirementProcess = 'key-retirement'

type RetirementServices = {
  readonly keys: Pick<SubjectKeys, 'close'>
  readonly folds: StreamFolds
  /** With the key died what its scope is found by: puts back what is known now. */
  readonly reindex: (subjectRef: SubjectRef) => Promise<void>
}

/** A key whose scope goes on under the next generation. */
export function retirementBegunBy(event: DecodedEvent): Work | undefined {
  if (event.type !== 'KeyRetired') return undefined
  const { kid } = event.data as DataOfEvent<typeof KeyRetired>
  return { workId: kid, stream: event.stream, sourceEventId: event.meta.eventId }
}

/**
 * Destroys the retired key, and with it the search token of a field that it erased, where whoever retired it did not live to do it.
 * Idempotent.
 * @throws NotYet, StoreUnavailable, KeyStoreUnavailable: the work is tried again.
 */
export async function carryOutRetirement(
  { workId: kid, stream, sourceEventId }: Work,
  { keys, folds, reindex }: RetirementServices,
): Promise<void> {
  const subjectRef: SubjectRef = idOn(person, stream)
  const cause = (await folds.load(person, subjectRef)).state.keys.retired.get(kid as KeyId)
  if (!cause) throw new NotYet('the retirement is not in the log')
  await keys.close({ subject: subjectRef, scopes: [], kids: [kid], fenceEventId: sourceEventId, cause })
  if (cause === 'FIELD_ERASED') await reindex(subjectRef)
}
