import { command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { hearingAnObjection } from '../objecting.js'
import { MisStorageExplained } from './events.js'

export type ExplainMisStorage = DataOfEvent<typeof MisStorageExplained>

/** C41, C17: before they choose, somebody says what follows: to stay, or no service and everything erased. */
export const explainMisStorage = command({
  name: 'ExplainMisStorage',
  clauses: ['C17', 'C41'],
  says: 'Record that the person was told what follows from their objection to storage',
  ...hearingAnObjection,
  streamId: ({ subjectRef }: ExplainMisStorage) => subjectRef,
  refusals: ['NOT_FOUND'],
  decide:
    (explained: ExplainMisStorage) =>
    ({ storage }) => {
      const state = storage.get(explained.objectionId)
      if (state === undefined) return refused('NOT_FOUND')
      return accept(state === 'OPEN' ? [MisStorageExplained.of(explained)] : [])
    },
})
