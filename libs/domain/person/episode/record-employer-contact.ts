import { command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { EmployerContactRecorded } from './events.js'
import { inOpenEpisode, needsOpenEpisode } from './open-episode.js'

export type RecordEmployerContact = Omit<DataOfEvent<typeof EmployerContactRecorded>, 'episodeId'>

/** C07: what was tried for somebody, with which employer, and what came of it. */
export const recordEmployerContact = command({
  name: 'RecordEmployerContact',
  clauses: ['C07'],
  says: 'Record that an employer was spoken to for somebody',
  aggregate: person,
  streamId: ({ subjectRef }: RecordEmployerContact) => subjectRef,
  capability: 'RECORD_BASICS',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: () => ['EMP'],
  exemptFrom: [],
  refusals: needsOpenEpisode,
  decide: (contact: RecordEmployerContact) =>
    inOpenEpisode(({ episodeId }) => accept([EmployerContactRecorded.of({ ...contact, episodeId })])),
})
