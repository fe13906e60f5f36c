import { londonDate } from '#calendar/statutory-periods'
import { type At, command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { JobStarted } from './events.js'
import { inOpenEpisode, needsOpenEpisode } from './open-episode.js'

export type StartJob = Omit<DataOfEvent<typeof JobStarted>, 'episodeId' | 'jobStart'>

/** C07: the first day of a job. What is held of it can be shared where the person has consented to that. */
export const startJob = command({
  name: 'StartJob',
  clauses: ['C07'],
  says: 'Record that somebody has started a job',
  aggregate: person,
  streamId: ({ subjectRef }: StartJob) => subjectRef,
  capability: 'RECORD_BASICS',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: () => ['OUT'],
  exemptFrom: [],
  refusals: [...needsOpenEpisode, 'DAY_NOT_COME_YET'],
  decide: (job: StartJob, { now }: At) =>
    inOpenEpisode(({ episodeId }) => {
      if (job.startedOn > londonDate(now)) return refused('DAY_NOT_COME_YET')
      return accept([JobStarted.of({ ...job, episodeId, jobStart: Personal.of(job.startedOn) })])
    }),
})
