import type { DecodedEvent } from '#event-codec/codec'
import type { SubjectRef } from '#kernel/id'
import type { SubjectKeys } from '#subject-keys/subject-keys'
import type { Work } from './work.js'

export const retirementProcess = 'key-retirement'

/** A key whose scope goes on under the next generation. */
export function retirementBegunBy(event: DecodedEvent): Work | undefined {
  if (event.type !== 'KeyRetired') return undefined
  const { kid, subjectRef } = event.data as { kid: string; subjectRef: SubjectRef }
  return { workId: kid, subjectRef, sourceEventId: event.meta.eventId }
}

/** Destroys the retired key, where whoever retired it did not live to do it. Idempotent. @throws KeyStoreUnavailable */
export const carryOutRetirement = async ({ workId: kid, subjectRef, sourceEventId }: Work, keys: Pick<SubjectKeys, 'close'>): Promise<void> => {
  await keys.close({ subject: subjectRef, scopes: [], kids: [kid], fenceEventId: sourceEventId })
}
