import { assignWorker } from '#domain/person/episode/assign-worker'
import { confirmJobSustained } from '#domain/person/episode/confirm-job-sustained'
import { endJob } from '#domain/person/episode/end-job'
import { endServiceUse } from '#domain/person/episode/end-service-use'
import { recordEmployerContact } from '#domain/person/episode/record-employer-contact'
import { reopenEpisode } from '#domain/person/episode/reopen-episode'
import { startJob } from '#domain/person/episode/start-job'
import { doorOf } from '#nest/door-of'
import { EmployerContactAnswer, JobAnswer, caseOf, ofSubject } from '../answers.js'
import {
  EmployerContactBody,
  JobBody,
  JobEndBody,
  JobSustainedBody,
  ReopeningBody,
  ServiceEndBody,
  WorkerBody,
  contactIn,
  endingIn,
  jobIn,
} from '../bodies/episode.js'
import { TheWorker } from '../preparations/the-worker.js'

const tag = 'episode'
const where = ({ subjectRef }: { readonly subjectRef: string }) => caseOf(subjectRef, 'EMPLOYMENT_SUPPORT')

export const assignWorkerDoor = doorOf(tag, assignWorker, {
  path: 'subjects/:subjectRef/episode/worker',
  body: WorkerBody,
  prepare: TheWorker,
  fields: { WORKER_NOT_REGISTERED: 'workerId' },
  ...ofSubject,
})
export const recordEmployerContactDoor = doorOf(tag, recordEmployerContact, {
  path: 'subjects/:subjectRef/episode/employer-contacts',
  creates: where,
  body: EmployerContactBody,
  input: (body, ids, mint) => ({ ...contactIn(body), ...ids, contactId: mint('employerContact') }),
  answers: EmployerContactAnswer,
  answer: ({ subjectRef, contactId }) => ({ subjectRef, contactId }),
})
export const startJobDoor = doorOf(tag, startJob, {
  path: 'subjects/:subjectRef/episode/jobs',
  creates: where,
  body: JobBody,
  input: (body, ids, mint) => ({ ...jobIn(body), ...ids, jobId: mint('job') }),
  fields: { DAY_NOT_COME_YET: 'startedOn' },
  answers: JobAnswer,
  answer: ({ subjectRef, jobId }) => ({ subjectRef, jobId }),
})
export const endJobDoor = doorOf(tag, endJob, {
  path: 'subjects/:subjectRef/episode/jobs/:jobId/end',
  body: JobEndBody,
  fields: { DAY_NOT_COME_YET: 'endedOn', DAYS_OUT_OF_ORDER: 'endedOn', JOB_ENDED: 'endedOn' },
  ...ofSubject,
})
export const confirmJobSustainedDoor = doorOf(tag, confirmJobSustained, {
  path: 'subjects/:subjectRef/episode/jobs/:jobId/sustained',
  body: JobSustainedBody,
  ...ofSubject,
})
export const endServiceUseDoor = doorOf(tag, endServiceUse, {
  path: 'subjects/:subjectRef/episode/end',
  body: ServiceEndBody,
  input: (body, ids) => ({ ...endingIn(body), ...ids }),
  facts: ({ retention }) => ({ retention }),
  fields: { DAY_NOT_COME_YET: 'endedOn', DAYS_OUT_OF_ORDER: 'endedOn' },
  ...ofSubject,
})
export const reopenEpisodeDoor = doorOf(tag, reopenEpisode, {
  path: 'subjects/:subjectRef/episode/reopening',
  body: ReopeningBody,
  fields: { DAYS_OUT_OF_ORDER: 'reopenedAt' },
  ...ofSubject,
})
