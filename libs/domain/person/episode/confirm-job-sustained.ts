import { londonDate, weeksAfter } from '#calendar/statutory-periods'
import { type At, command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { JobSustained, sustainedWeeks } from './events.js'
import { inOpenEpisode, needsOpenEpisode } from './open-episode.js'

export type ConfirmJobSustained = Pick<DataOfEvent<typeof JobSustained>, 'subjectRef' | 'jobId' | 'shownBy'>

/** Somebody has kept a job for thirteen weeks, and whoever supports them has made sure of it. */
export const confirmJobSustained = command({
  name: 'ConfirmJobSustained',
  clauses: ['C07'],
  says: 'Confirm that a job was kept for thirteen weeks',
  aggregate: person,
  streamId: ({ subjectRef }: ConfirmJobSustained) => subjectRef,
  capability: 'RECORD_BASICS',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: () => ['OUT'],
  exemptFrom: [],
  refusals: [...needsOpenEpisode, 'JOB_NOT_SUSTAINED'],
  decide: ({ subjectRef, jobId, shownBy }: ConfirmJobSustained, { now }: At) =>
    inOpenEpisode(({ episodeId, jobs }) => {
      const job = jobs[jobId]
      if (!job) return refused('NOT_FOUND')
      if (job.sustainedOn !== undefined) return accept([])
      const sustainedOn = weeksAfter(job.startedOn, sustainedWeeks)
      if ((job.endedOn ?? londonDate(now)) < sustainedOn) return refused('JOB_NOT_SUSTAINED')
      const sustained = Personal.of(true)
      return accept([JobSustained.of({ subjectRef, episodeId, jobId, weeks: sustainedWeeks, shownBy, sustainedOn, sustained })])
    }),
})
