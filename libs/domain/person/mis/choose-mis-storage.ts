import type { HolidayCalendar } from '#calendar/statutory-periods'
import { type At, command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type RequestErasure, requestErasure } from '../erasure/request-erasure.js'
import { hearingAnObjection } from '../objecting.js'
import { MisStorageChosen } from './events.js'
import { isSettled } from './storage.js'

export type ChooseMisStorage = DataOfEvent<typeof MisStorageChosen> & Pick<RequestErasure, 'requestId' | 'words'>

/**
 * C41: they take the objection back, at any time; or they hold to it, once they know what follows. Then the objection is a request for
 * erasure, received with what they said, and the erasure ends the service.
 */
export const chooseMisStorage = command({
  name: 'ChooseMisStorage',
  clauses: ['C41', 'C64'],
  says: 'Record that the person takes their objection to storage back, or holds to it and is to be erased',
  ...hearingAnObjection,
  streamId: ({ subjectRef }: ChooseMisStorage) => subjectRef,
  refusals: ['NOT_FOUND', 'STORAGE_NOT_EXPLAINED', 'STORAGE_CHOSEN'],
  decide:
    ({ requestId, words, ...chosen }: ChooseMisStorage, facts: At & { readonly calendar: HolidayCalendar }) =>
    person => {
      const state = person.storage.get(chosen.objectionId)
      if (state === undefined) return refused('NOT_FOUND')
      if (isSettled(state)) return refused('STORAGE_CHOSEN')
      const said = MisStorageChosen.of(chosen)
      if (chosen.choice === 'STAYS') return accept([said])
      if (state === 'OPEN') return refused('STORAGE_NOT_EXPLAINED')
      const { subjectRef, channel, saidAt: receivedAt } = chosen
      const request = { subjectRef, requestId, channel, receivedAt, grounds: 'OBJECTION', words, concernsStaff: [] } as const
      const received = requestErasure.decide(request, facts)(person)
      return received.ok ? accept([said, ...received.value]) : received
    },
})
