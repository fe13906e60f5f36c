import { command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { hearingAnObjection } from '../objecting.js'
import { standingOf } from '../person.js'
import { MisStorageObjectionRecorded } from './events.js'

export type ObjectToMisStorage = DataOfEvent<typeof MisStorageObjectionRecorded>

/** C41: an objection is never refused. What follows from it, the person is told before they choose. */
export const objectToMisStorage = command({
  name: 'ObjectToMisStorage',
  clauses: ['C41'],
  says: 'Receive somebody’s objection to storage on the service’s systems; never refused for the state of the record',
  ...hearingAnObjection,
  streamId: ({ subjectRef }: ObjectToMisStorage) => subjectRef,
  refusals: ['NOT_FOUND'],
  decide:
    ({ words, ...objection }: ObjectToMisStorage) =>
    person => {
      if (!person.intake.referral) return refused('NOT_FOUND')
      if (person.storage.has(objection.objectionId)) return accept([])
      // Of somebody erased there is no key for what they say.
      return accept([MisStorageObjectionRecorded.of({ ...objection, words: standingOf(person).erased ? undefined : words })])
    },
})
