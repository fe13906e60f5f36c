import { command, noCategories } from '#decider/command'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { WorkerAssigned } from './events.js'
import { inOpenEpisode, needsOpenEpisode } from './open-episode.js'

export type AssignWorker = { readonly subjectRef: SubjectRef; readonly workerId: StaffRef }
export type AssignWorkerFacts = { readonly isIpsWorker: boolean }

/** Who supports the person: one of those who are registered as workers, and one at a time. */
export const assignWorker = command({
  name: 'AssignWorker',
  clauses: ['C37'],
  says: 'Assign the worker who supports somebody',
  aggregate: person,
  streamId: ({ subjectRef }: AssignWorker) => subjectRef,
  capability: 'ACCEPT_REFERRAL',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: noCategories,
  exemptFrom: [],
  refusals: [...needsOpenEpisode, 'WORKER_NOT_REGISTERED'],
  decide: ({ subjectRef, workerId }: AssignWorker, { isIpsWorker }: AssignWorkerFacts) =>
    inOpenEpisode(({ episodeId, worker }) => {
      if (!isIpsWorker) return refused('WORKER_NOT_REGISTERED')
      return accept(worker === workerId ? [] : [WorkerAssigned.of({ subjectRef, episodeId, workerId })])
    }),
})
