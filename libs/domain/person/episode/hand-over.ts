import type { Decision } from '#decider/decider'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { type Person, type PersonEvent, standingOf } from '../person.js'
import { WorkerAssigned, WorkerUnassigned } from './events.js'

export type HandOver = { readonly subjectRef: SubjectRef; readonly from: StaffRef; readonly to: StaffRef | undefined }

/** C37: whoever supported somebody works here no more: another takes over, as a person has decided already, or nobody yet. */
export const handOver =
  ({ subjectRef, from, to }: HandOver): Decision<Person, PersonEvent, never> =>
  state => {
    const { episode } = state
    if (episode?.state !== 'OPEN' || episode.worker !== from) return accept([])
    if (standingOf(state).erased) return accept([])
    const { episodeId } = episode
    return accept([
      to === undefined
        ? WorkerUnassigned.of({ subjectRef, episodeId, workerId: from })
        : WorkerAssigned.of({ subjectRef, episodeId, workerId: to }),
    ])
  }
