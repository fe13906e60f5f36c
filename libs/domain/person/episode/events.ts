import { z } from 'zod'
import { type EventOf, defineEvent } from '#event-kit/event'
import { code, date, happenedAt, id, instant, optional, personal, subject, theNumber } from '#event-kit/field'
import { channels } from '../channels.js'
import { serviceAreas } from '../intake/events.js'

const ofEpisode = { subjectRef: subject('SubjectRef'), episodeId: id('EpisodeId') }

/** C01: it opens with the acceptance of the referral, in the same append. */
export const EpisodeOpened = defineEvent('EpisodeOpened', { ...ofEpisode, serviceArea: code(...serviceAreas), openedAt: happenedAt() })
export const WorkerAssigned = defineEvent('WorkerAssigned', { ...ofEpisode, workerId: id('StaffRef') })
/** C37: whoever supported the person does so no more, and nobody took over yet. */
export const WorkerUnassigned = defineEvent('WorkerUnassigned', { ...ofEpisode, workerId: id('StaffRef') })

export const contactOutcomes = ['NO_ANSWER', 'NOT_INTERESTED', 'INTERESTED', 'INTERVIEW', 'OFFER'] as const
export type ContactOutcome = (typeof contactOutcomes)[number]
/** What the worker does for somebody with employers: which, and what was said, is sealed. */
export const EmployerContactRecorded = defineEvent('EmployerContactRecorded', {
  ...ofEpisode,
  contactId: id('EmployerContactId'),
  channel: code(...channels),
  outcome: code(...contactOutcomes),
  contactedAt: happenedAt(),
  employer: personal.text('subjectRef', 'EMP'),
  note: optional(personal.text('subjectRef', 'NARR')),
})

const ofJob = { ...ofEpisode, jobId: id('JobId') }
/** The days stand in the clear, for thirteen weeks are counted from them, and sealed, as the fields that may be shared with consent. */
export const JobStarted = defineEvent('JobStarted', {
  ...ofJob,
  startedOn: date(),
  employer: personal.text('subjectRef', 'EMP'),
  jobTitle: optional(personal.text('subjectRef', 'EMP')),
  jobStart: personal.date('subjectRef', 'EMP'),
})
export const jobEndings = ['RESIGNED', 'DISMISSED', 'CONTRACT_ENDED', 'REDUNDANT', 'HEALTH', 'OTHER', 'NOT_SAID'] as const
export type JobEnding = (typeof jobEndings)[number]
export const JobEnded = defineEvent('JobEnded', {
  ...ofJob,
  endedOn: date(),
  reason: code(...jobEndings),
  jobEnd: personal.date('subjectRef', 'EMP'),
})
/** How it was made sure of that somebody still has a job. */
export const sustainedProofs = ['PAYSLIP', 'EMPLOYER', 'PERSON'] as const
export type SustainedProof = (typeof sustainedProofs)[number]
/** Thirteen weeks in one job: the outcome that Individual Placement and Support is measured by. */
export const sustainedWeeks = 13
export const JobSustained = defineEvent('JobSustained', {
  ...ofJob,
  weeks: theNumber(sustainedWeeks),
  shownBy: code(...sustainedProofs),
  sustainedOn: date(),
  sustained: personal.value('subjectRef', 'EMP', z.boolean()),
})

export const serviceEndings = ['COMPLETED', 'OWN_WISH', 'MOVED_AWAY', 'NOT_IN_TOUCH', 'STARS_ENDED', 'OTHER'] as const
export type ServiceEnding = (typeof serviceEndings)[number]
const serviceEnd = {
  ...ofEpisode,
  endedOn: date(),
  reason: code(...serviceEndings),
  narrative: optional(personal.text('subjectRef', 'NARR')),
}
/** C52: retention counts from this day. Version 2 knows that somebody has died. */
export const ServiceUseEnded = defineEvent('ServiceUseEnded', serviceEnd)
  .next({ ...serviceEnd, reason: code(...serviceEndings, 'DIED') })
  .from(old => old)
export const EpisodeReopened = defineEvent('EpisodeReopened', { ...ofEpisode, reopenedAt: happenedAt() })
/** C17: nothing that could be supported is left. Whoever comes back is somebody new. */
export const EpisodeClosed = defineEvent('EpisodeClosed', { ...ofEpisode, reason: code('DATA_ERASED'), closedAt: instant() })

export const episodeEvents = [
  EpisodeOpened,
  WorkerAssigned,
  WorkerUnassigned,
  EmployerContactRecorded,
  JobStarted,
  JobEnded,
  JobSustained,
  ServiceUseEnded,
  EpisodeReopened,
  EpisodeClosed,
] as const
export type EpisodeEvent = EventOf<(typeof episodeEvents)[number]>
