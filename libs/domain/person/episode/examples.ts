import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { staffConcerned, subjectRef } from '../invented.js'
import {
  EmployerContactRecorded,
  EpisodeClosed,
  type EpisodeEvent,
  EpisodeOpened,
  EpisodeReopened,
  JobEnded,
  JobStarted,
  JobSustained,
  ServiceUseEnded,
  WorkerAssigned,
  WorkerUnassigned,
} from './events.js'

const episodeId: Parameters<typeof EpisodeOpened.of>[0]['episodeId'] = inventedId(8)
const jobId: Parameters<typeof JobStarted.of>[0]['jobId'] = inventedId(9)
const ofEpisode = { subjectRef, episodeId }

/** One example of every event of this concern, every optional field filled. */
export const episodeExamples = {
  EpisodeOpened: EpisodeOpened.of({ ...ofEpisode, serviceArea: 'GATESHEAD', openedAt: at }),
  WorkerAssigned: WorkerAssigned.of({ ...ofEpisode, workerId: staffConcerned }),
  WorkerUnassigned: WorkerUnassigned.of({ ...ofEpisode, workerId: staffConcerned }),
  EmployerContactRecorded: EmployerContactRecorded.of({
    ...ofEpisode,
    contactId: inventedId(10),
    channel: 'PHONE',
    outcome: 'INTERVIEW',
    contactedAt: at,
    employer: Personal.of('Nettlecombe Bakery'),
    note: Personal.of('asks for early shifts'),
  }),
  JobStarted: JobStarted.of({
    ...ofEpisode,
    jobId,
    startedOn: '2026-07-06',
    employer: Personal.of('Nettlecombe Bakery'),
    jobTitle: Personal.of('packer'),
    jobStart: Personal.of('2026-07-06'),
  }),
  JobEnded: JobEnded.of({ ...ofEpisode, jobId, endedOn: '2026-10-30', reason: 'CONTRACT_ENDED', jobEnd: Personal.of('2026-10-30') }),
  JobSustained: JobSustained.of({
    ...ofEpisode,
    jobId,
    weeks: 13,
    shownBy: 'PAYSLIP',
    sustainedOn: '2026-10-05',
    sustained: Personal.of(true),
  }),
  ServiceUseEnded: ServiceUseEnded.of({
    ...ofEpisode,
    endedOn: '2026-11-01',
    reason: 'COMPLETED',
    narrative: Personal.of('found what she looked for'),
  }),
  EpisodeReopened: EpisodeReopened.of({ ...ofEpisode, reopenedAt: at }),
  EpisodeClosed: EpisodeClosed.of({ ...ofEpisode, reason: 'DATA_ERASED', closedAt: at }),
} satisfies ExampleOfEach<EpisodeEvent>
