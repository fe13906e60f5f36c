import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import type { Id } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { subjectRef } from '../invented.js'
import { type MisEvent, MisStorageChosen, MisStorageExplained, MisStorageObjectionRecorded } from './events.js'

const objectionId: Id<'ObjectionId'> = inventedId(60)
const ofObjection = { subjectRef, objectionId, channel: 'PHONE' } as const

export const misExamples = {
  MisStorageObjectionRecorded: MisStorageObjectionRecorded.of({
    ...ofObjection,
    receivedAt: at,
    words: Personal.of('does not want to be on a computer'),
  }),
  MisStorageExplained: MisStorageExplained.of({ ...ofObjection, explainedAt: at }),
  MisStorageChosen: MisStorageChosen.of({ ...ofObjection, choice: 'LEAVES', saidAt: at }),
} satisfies ExampleOfEach<MisEvent>
