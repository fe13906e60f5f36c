import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { code, count, fieldCode, id, instant, list, optional, policyCode, position } from '#event-kit/field'

const recordAccessed = {
  accessId: id('AccessId'),
  subjectRef: id('SubjectRef'),
  what: code('CASE', 'SEARCH', 'BREACH', 'EVIDENCE'),
  /** The fields that were opened; a masked view opens none. */
  fields: list(fieldCode(), 500),
  at: instant(),
}
/**
 * One for each query about a person or a breach, appended before anything is opened. No search terms, no values. C37. Version 2: also the
 * words of an audit's findings.
 */
export const RecordAccessed = defineEvent('RecordAccessed', recordAccessed)
  .next({ ...recordAccessed, what: code('CASE', 'SEARCH', 'BREACH', 'EVIDENCE', 'AUDIT') })
  .from(old => old)
/** A search that found nobody has no subject to name. */
export const SearchMade = defineEvent('SearchMade', {
  accessId: id('AccessId'),
  by: code('NHS_NUMBER', 'NAME_AND_DATE_OF_BIRTH', 'PHONE'),
  hits: count(),
  at: instant(),
})
const historyRead = {
  accessId: id('AccessId'),
  stream: optional(policyCode()),
  type: optional(policyCode()),
  from: position(),
  events: count(),
  at: instant(),
}
/**
 * A read of the log itself. Version 2: every read of an auditor, under which audit, and through which door; with `from` and `events`
 * where it was the log.
 */
export const HistoryRead = defineEvent('HistoryRead', historyRead)
  .next({
    ...historyRead,
    from: optional(position()),
    events: optional(count()),
    auditId: optional(id('AuditId')),
    door: optional(policyCode()),
    subjectRef: optional(id('SubjectRef')),
  })
  .from(old => old)
/** A refused command: auditors ask for refusals. Codes and ids only. */
export const CommandRefused = defineEvent('CommandRefused', {
  refusalId: id('RefusalId'),
  command: policyCode(),
  subjectRef: optional(id('SubjectRef')),
  code: policyCode(),
  clause: optional(policyCode()),
  at: instant(),
})

const readEvents = [RecordAccessed, SearchMade, HistoryRead] as const
const refusalEvents = [CommandRefused] as const
export const accessConcerns = { ...concernsOf('access', { reads: readEvents }), ...concernsOf('refusal', { refusals: refusalEvents }) }
export type AccessEvent = EventOf<(typeof readEvents | typeof refusalEvents)[number]>
