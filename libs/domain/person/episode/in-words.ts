import type { InWords } from '#event-kit/in-words'
import type { EpisodeEvent } from './events.js'

export const episodeInWords: InWords<EpisodeEvent> = {
  EpisodeOpened: ({ serviceArea, openedAt }) => `The use of the service in ${serviceArea} began on ${openedAt.slice(0, 10)}.`,
  WorkerAssigned: ({ workerId }) => `${workerId} was assigned as the worker.`,
  WorkerUnassigned: ({ workerId }) => `${workerId} is the worker no more, and nobody took over yet.`,
  EmployerContactRecorded: ({ channel, outcome, contactedAt }) =>
    `An employer was spoken to by ${channel} on ${contactedAt.slice(0, 10)}: ${outcome}.`,
  JobStarted: ({ startedOn }) => `A job was started on ${startedOn}.`,
  JobEnded: ({ endedOn, reason }) => `A job ended on ${endedOn}: ${reason}.`,
  JobSustained: ({ weeks, sustainedOn, shownBy }) => `A job was kept for ${weeks} weeks, full on ${sustainedOn} (${shownBy}).`,
  ServiceUseEnded: ({ endedOn, reason }) => `The use of the service ended on ${endedOn}: ${reason}.`,
  EpisodeReopened: ({ reopenedAt }) => `The use of the service went on from ${reopenedAt.slice(0, 10)}.`,
  EpisodeClosed: ({ closedAt }) => `The use of the service was closed on ${closedAt.slice(0, 10)}: everything was erased.`,
}
