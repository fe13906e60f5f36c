import { type EventOf, defineEvent } from '#event-kit/event'
import { category, code, fieldCode, happenedAt, id, list, personal, subject } from '#event-kit/field'
import { channels } from '../channels.js'

/** C10: where an item came from; feeds the source that Article 15(1)(g) asks for. */
export const provenances = ['PERSON', 'DWP-JCP', 'STARS', 'WORKER'] as const
export type Provenance = (typeof provenances)[number]

const recorded = {
  subjectRef: subject('SubjectRef'),
  category: category(),
  provenance: code(...provenances),
  fieldCodes: list(fieldCode()),
  values: personal.record('subjectRef', 'category'),
}
export const PersonalDetailsRecorded = defineEvent('PersonalDetailsRecorded', recorded)
export const HealthDataRecorded = defineEvent('HealthDataRecorded', recorded)

/** Newer values in the place of others: of which events, it says. What they said stays in the history, sealed. */
export const PersonalDetailsCorrected = defineEvent('PersonalDetailsCorrected', { ...recorded, supersedes: list(id('EventId')) })

/** C08: under the condition of equality monitoring. */
export const DemographicsRecorded = defineEvent('DemographicsRecorded', recorded)
/** C08: the person was asked, and would rather not say: that is not unknown. */
export const DemographicDeclined = defineEvent('DemographicDeclined', {
  subjectRef: subject('SubjectRef'),
  category: category(),
  fieldCodes: list(fieldCode()),
})
/** DPA 2018 Schedule 1 ¶8(4): the person wants no equality monitoring, or does again. */
export const EqualityOptOutReceived = defineEvent('EqualityOptOutReceived', {
  subjectRef: subject('SubjectRef'),
  channel: code(...channels),
  receivedAt: happenedAt(),
})
export const EqualityOptOutEnded = defineEvent('EqualityOptOutEnded', {
  subjectRef: subject('SubjectRef'),
  channel: code(...channels),
  saidAt: happenedAt(),
})

/** DPA 2018 Schedule 1: health or social care, unlawful acts, safeguarding. */
export const offenceConditions = ['para-2', 'para-10', 'para-18'] as const
export type OffenceCondition = (typeof offenceConditions)[number]
/** C09: the person’s own, never anybody else’s, on a condition of Schedule 1. */
export const OffenceDataRecorded = defineEvent('OffenceDataRecorded', { ...recorded, condition: code(...offenceConditions) })

/** It should never have been recorded: a value, a fact, or the end of a fact. The history keeps it, sealed; nothing else does. */
export const RecordedInError = defineEvent('RecordedInError', {
  subjectRef: subject('SubjectRef'),
  withdrawn: id('EventId'),
  markedAt: happenedAt(),
  reasons: personal.text('subjectRef', 'NARR'),
})

export const detailsEvents = [
  PersonalDetailsRecorded,
  PersonalDetailsCorrected,
  HealthDataRecorded,
  DemographicsRecorded,
  DemographicDeclined,
  EqualityOptOutReceived,
  EqualityOptOutEnded,
  OffenceDataRecorded,
  RecordedInError,
] as const
export type DetailsEvent = EventOf<(typeof detailsEvents)[number]>
