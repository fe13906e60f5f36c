import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { StaffRef } from '#kernel/id'
import type { IntakeEvent } from '../intake/events.js'
import type { EpisodeEvent, EpisodeOpened, ServiceUseEnded } from './events.js'

export type Job = { readonly startedOn: string; readonly endedOn?: string; readonly sustainedOn?: string }
/** The use of the service, from the acceptance of a referral to its end. */
export type Episode = {
  readonly episodeId: DataOfEvent<typeof EpisodeOpened>['episodeId']
  readonly state: 'OPEN' | 'ENDED' | 'CLOSED'
  readonly openedAt: string
  readonly serviceArea?: string
  /** Whoever supports the person, where somebody was assigned. */
  readonly worker?: StaffRef
  readonly jobs: Readonly<Record<string, Job>>
  /** The job that began last: of it the record holds the outcomes. */
  readonly latestJob?: string
  /** The last day of its use. */
  readonly endedOn?: string
  readonly endedBecause?: DataOfEvent<typeof ServiceUseEnded>['reason']
}
export type EpisodeStep = EpisodeEvent | Extract<IntakeEvent, { type: 'ReferralAccepted' }>
type Was = Episode | undefined

const become = (was: Was, more: Partial<Episode>): Was => was && { ...was, ...more }
const withJob = (was: Was, jobId: string, more: Partial<Job>): Was => {
  const job = was?.jobs[jobId]
  return job ? become(was, { jobs: { ...was.jobs, [jobId]: { ...job, ...more } } }) : was
}

export const isLatestJob = (episode: Episode | undefined, { jobId }: { readonly jobId: string }) => episode?.latestJob === jobId

/** The one fold for decisions and for the case view. What was said to employers changes nothing of it. */
export const evolveEpisode: Evolve<Was, EpisodeStep> = {
  // An acceptance of before there were episodes opened one, too.
  ReferralAccepted: (was, { episodeId, acceptedAt }) => was ?? { episodeId, state: 'OPEN', openedAt: acceptedAt, jobs: {} },
  EpisodeOpened: (was, { episodeId, serviceArea, openedAt }) => ({ jobs: {}, ...was, episodeId, serviceArea, openedAt, state: 'OPEN' }),
  WorkerAssigned: (was, { workerId }) => become(was, { worker: workerId }),
  WorkerUnassigned: was => {
    if (!was) return was
    const { worker: _, ...unsupported } = was
    return unsupported
  },
  EmployerContactRecorded: was => was,
  JobStarted: (was, { jobId, startedOn }) =>
    become(was, {
      jobs: { ...was?.jobs, [jobId]: { startedOn } },
      ...(startedOn < (was?.jobs[was.latestJob ?? '']?.startedOn ?? '') ? {} : { latestJob: jobId }),
    }),
  JobEnded: (was, { jobId, endedOn }) => withJob(was, jobId, { endedOn }),
  JobSustained: (was, { jobId, sustainedOn }) => withJob(was, jobId, { sustainedOn }),
  ServiceUseEnded: (was, { endedOn, reason }) => become(was, { state: 'ENDED', endedOn, endedBecause: reason }),
  EpisodeReopened: was => {
    if (!was) return was
    const { endedOn: _, endedBecause: __, ...open } = was
    return { ...open, state: 'OPEN' }
  },
  EpisodeClosed: was => become(was, { state: 'CLOSED' }),
}

/** Whom nobody supports, and who has not stopped using the service: they are there for whoever could support them. */
export const isUnsupported = (episode: Episode | undefined) => episode?.worker === undefined && episode?.state !== 'ENDED'
