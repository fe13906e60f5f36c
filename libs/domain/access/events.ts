import { type Concern, concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { code, count, fieldCode, group, id, instant, keyedDigest, list, optional, policyCode, position } from '#event-kit/field'
import { scopes } from '#event-kit/scope'

const groundsBefore = ['ROLE', 'GRANT', 'OWN_CASELOAD', 'BREAK_GLASS', 'MACHINE', 'NOT_RECORDED'] as const
/**
 * What let somebody read: their role alone, a grant, their own caseload, that of their team, that nobody supports the person yet, a seal
 * that was broken in need, or a machine's own work that shows nobody anything. The first versions did not say.
 */
const accessGrounds = [...groundsBefore, 'TEAM', 'INTAKE'] as const
export type AccessGround = (typeof accessGrounds)[number]
/** From where, for the breach-response team: a keyed digest (libs/nest/source-address.ts), no address. Absent: not over HTTP, or before. */
const source = { sourceAddress: optional(keyedDigest()) }

const whatIsRead = code('CASE', 'SEARCH', 'BREACH', 'EVIDENCE', 'AUDIT')
/** With the words of what somebody decides on. */
const withDecidedOn = code('CASE', 'SEARCH', 'BREACH', 'EVIDENCE', 'AUDIT', 'DISCLOSURE', 'RIGHTS_REQUEST')
/** With who somebody is that works here. */
const whatIsReadNow = code('CASE', 'SEARCH', 'BREACH', 'EVIDENCE', 'AUDIT', 'DISCLOSURE', 'RIGHTS_REQUEST', 'STAFF')
/** With a list that says who the people are. */
const whatIsReadToday = code('CASE', 'SEARCH', 'BREACH', 'EVIDENCE', 'AUDIT', 'DISCLOSURE', 'RIGHTS_REQUEST', 'STAFF', 'LIST')
const recordAccessed = {
  accessId: id('AccessId'),
  subjectRef: id('SubjectRef'),
  what: code('CASE', 'SEARCH', 'BREACH', 'EVIDENCE'),
  /** The fields that were opened; a masked view opens none. */
  fields: list(fieldCode(), 500),
  at: instant(),
}
const alsoRead = group({ subjectRef: id('SubjectRef'), ground: code(...accessGrounds), grantId: optional(id('GrantId')) })
const withGround = { ...recordAccessed, what: whatIsRead, ground: code(...groundsBefore), grantId: optional(id('GrantId')), ...source }
const withScopes = { ...withGround, what: withDecidedOn, scopes: optional(list(code(...scopes))), about: optional(id('DecidedOn')) }
/**
 * One for each query about a person or a breach, appended before anything is opened. No search terms, no values. C37. Version 2: also the
 * words of an audit's findings. Version 3: on which ground, and from where. Version 4: also the words of what somebody decides on, of
 * which disclosure or request, and under which scopes all that was opened lies; the versions before did not say. Version 5: also that the
 * person is of their team, or that nobody supports them yet; under which grant, or which seal that was broken. Version
 * 6: also who somebody is that works here; the subject is the member of staff. Version 7: also a list that says who the people are; the
 * first is the subject, and all others stand under `alsoOf`, each with what lets the reader at them.
 */
export const RecordAccessed = defineEvent('RecordAccessed', recordAccessed)
  .next({ ...recordAccessed, what: whatIsRead })
  .from(old => old)
  .next(withGround)
  .from(old => ({ ...old, ground: 'NOT_RECORDED' as const }))
  .next(withScopes)
  .from(old => old)
  .next({ ...withScopes, ground: code(...accessGrounds) })
  .from(old => old)
  .next({ ...withScopes, ground: code(...accessGrounds), what: whatIsReadNow })
  .from(old => old)
  .next({ ...withScopes, ground: code(...accessGrounds), what: whatIsReadToday, alsoOf: optional(list(alsoRead, 500)) })
  .from(old => old)
const searchMade = { accessId: id('AccessId'), by: code('NHS_NUMBER', 'NAME_AND_DATE_OF_BIRTH', 'PHONE'), hits: count(), at: instant() }
/** A search that found nobody has no subject to name. Version 2: from where. */
export const SearchMade = defineEvent('SearchMade', searchMade)
  .next({ ...searchMade, ...source })
  .from(old => old)
const historyRead = {
  accessId: id('AccessId'),
  stream: optional(policyCode()),
  type: optional(policyCode()),
  from: position(),
  events: count(),
  at: instant(),
}
const ofAuditor = {
  ...historyRead,
  from: optional(position()),
  events: optional(count()),
  auditId: optional(id('AuditId')),
  door: optional(policyCode()),
  subjectRef: optional(id('SubjectRef')),
}
/**
 * A read of the log itself. Version 2: every read of an auditor, under which audit, and through which door; with `from` and `events`
 * where it was the log. Version 3: from where.
 */
export const HistoryRead = defineEvent('HistoryRead', historyRead)
  .next(ofAuditor)
  .from(old => old)
  .next({ ...ofAuditor, ...source })
  .from(old => old)
const commandRefused = {
  refusalId: id('RefusalId'),
  command: policyCode(),
  subjectRef: optional(id('SubjectRef')),
  code: policyCode(),
  clause: optional(policyCode()),
  at: instant(),
}
/**
 * A refused command, or a read that was refused: auditors ask for refusals. Codes and ids only. Version 2: from where. Version 3: of
 * which incident; those stand on streams of their own, which are shown to nobody but the incident's parties (ADR-0029).
 */
export const CommandRefused = defineEvent('CommandRefused', commandRefused)
  .next({ ...commandRefused, ...source })
  .from(old => old)
  .next({ ...commandRefused, ...source, incidentId: optional(id('IncidentId')) })
  .from(old => old)

const readEvents = [RecordAccessed, SearchMade, HistoryRead] as const
const refusalEvents = [CommandRefused] as const
export const accessConcerns = { ...concernsOf('access', { reads: readEvents }), ...concernsOf('refusal', { refusals: refusalEvents }) }
/** What was refused at the Hub: the same events, apart from the others. */
export const hubRefusals: Concern<typeof CommandRefused> = { name: 'hub-refusals', category: 'hub', events: refusalEvents }
export type AccessEvent = EventOf<(typeof readEvents | typeof refusalEvents)[number]>
