import { type EventOf, defineEvent } from '#event-kit/event'
import { code, count, fieldCode, id, instant, list, optional, policyCode, position } from '#event-kit/field'

/** One for each query about a person or a breach, appended before anything is opened. No search terms, no values. C37. */
export const RecordAccessed = defineEvent('RecordAccessed', {
  accessId: id('AccessId'),
  subjectRef: id('SubjectRef'),
  what: code('CASE', 'SEARCH', 'BREACH', 'EVIDENCE'),
  /** The fields that were opened; a masked view opens none. */
  fields: list(fieldCode(), 500),
  at: instant(),
})
/** A search that found nobody has no subject to name. */
export const SearchMade = defineEvent('SearchMade', {
  accessId: id('AccessId'),
  by: code('NHS_NUMBER', 'NAME_AND_DATE_OF_BIRTH', 'PHONE'),
  hits: count(),
  at: instant(),
})
/** An auditor's read of the log itself. */
export const HistoryRead = defineEvent('HistoryRead', {
  accessId: id('AccessId'),
  stream: optional(policyCode()),
  type: optional(policyCode()),
  from: position(),
  events: count(),
  at: instant(),
})
/** A refused command: auditors ask for refusals. Codes and ids only. */
export const CommandRefused = defineEvent('CommandRefused', {
  refusalId: id('RefusalId'),
  command: policyCode(),
  subjectRef: optional(id('SubjectRef')),
  code: policyCode(),
  clause: optional(policyCode()),
  at: instant(),
})

export const accessEvents = [RecordAccessed, SearchMade, HistoryRead, CommandRefused] as const
export type AccessEvent = EventOf<(typeof accessEvents)[number]>
