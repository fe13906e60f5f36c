import { type EventOf, defineEvent } from '#event-kit/event'
import { category, code, fieldCode, list, personal, subject } from '#event-kit/field'

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

export const detailsEvents = [PersonalDetailsRecorded, HealthDataRecorded] as const
export type DetailsEvent = EventOf<(typeof detailsEvents)[number]>
