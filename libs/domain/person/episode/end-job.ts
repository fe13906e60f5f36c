import { londonDate } from '#calendar/statutory-periods'
import { type At, command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { JobEnded } from './events.js'
import { inOpenEpisode, needsOpenEpisode } from './open-episode.js'

export type EndJob = Omit<DataOfEvent<typeof JobEnded>, 'episodeId' | 'jobEnd'>

/** C07: the last day of a job. It ends once. */
export const endJob = command({
  name: 'EndJob',
  clauses: ['C07'],
  says: 'Record that a job has ended',
  aggregate: person,
  streamId: ({ subjectRef }: EndJob) => subjectRef,
  capability: 'RECORD_BASICS',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: () => ['OUT'],
  exemptFrom: [],
  refusals: [...needsOpenEpisode, 'DAY_NOT_COME_YET', 'DAYS_OUT_OF_ORDER', 'JOB_ENDED'],
  decide: (ending: EndJob, { now }: At) =>
    inOpenEpisode(({ episodeId, jobs }) => {
      const job = jobs[ending.jobId]
      if (!job) return refused('NOT_FOUND')
      if (job.endedOn !== undefined) return job.endedOn === ending.endedOn ? accept([]) : refused('JOB_ENDED')
      if (ending.endedOn < job.startedOn) return refused('DAYS_OUT_OF_ORDER')
      if (ending.endedOn > londonDate(now)) return refused('DAY_NOT_COME_YET')
      return accept([JobEnded.of({ ...ending, episodeId, jobEnd: Personal.of(ending.endedOn) })])
    }),
})
