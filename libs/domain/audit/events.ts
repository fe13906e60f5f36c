import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { code, count, digestOfSealed, hexSeed, id, instant, list, optional, personal, policyCode, subject } from '#event-kit/field'
import { AuditKeyCreated } from '#event-kit/key-events'
import { paperNumber, paperNumberOf } from '#event-kit/paper-number'

export const findingKinds = ['OBSERVATION', 'MINOR', 'MAJOR'] as const
export type FindingKind = (typeof findingKinds)[number]
export const findingAnswers = ['ACCEPTED', 'DISPUTED', 'REMEDIED'] as const
export type FindingAnswer = (typeof findingAnswers)[number]
export const findingOutcomes = ['RESOLVED', 'RISK_ACCEPTED', 'WITHDRAWN'] as const
export type FindingOutcome = (typeof findingOutcomes)[number]
export const maxSample = 200

const opened = {
  auditId: id('AuditId'),
  auditors: list(id('StaffRef'), 20),
  scope: code('ALL', 'SUBJECTS'),
  subjects: list(id('SubjectRef'), 200),
  /** The period that is audited: what was recorded from `from` until before `to`. */
  from: instant(),
  to: instant(),
  expiresAt: instant(),
  reference: policyCode(),
  at: instant(),
}
/**
 * Who may read the history, what of it and until when: an auditor reads under one of these. Opened by somebody who is not one of its
 * auditors. C37. Version 2: its reference is a number in a series.
 */
export const AuditOpened = defineEvent('AuditOpened', opened)
  .next({ ...opened, reference: paperNumber() })
  .from(old => ({ ...old, reference: paperNumberOf(old.reference) }))
export const closingReasons = ['DONE', 'WITHDRAWN'] as const
export type ClosingReason = (typeof closingReasons)[number]
export const AuditClosed = defineEvent('AuditClosed', { auditId: id('AuditId'), reason: code(...closingReasons), at: instant() })

/** What a sample is drawn from is fixed by a checkpoint that was signed before anybody knew the seed. */
export const AuditSampleFixed = defineEvent('AuditSampleFixed', {
  auditId: id('AuditId'),
  sampleId: id('SampleId'),
  checkpointSize: count(),
  /** Events of one type only, such as DataShared. */
  type: optional(policyCode()),
  wanted: count(),
  at: instant(),
})
/** The seed, and the leaves that it draws: whoever has the headers of the ledger draws the same. */
export const AuditSampleDrawn = defineEvent('AuditSampleDrawn', {
  auditId: id('AuditId'),
  sampleId: id('SampleId'),
  seed: hexSeed(),
  /** How many leaves it was drawn from. */
  population: count(),
  leaves: list(count(), maxSample),
  at: instant(),
})

/** The words of a finding are sealed under the audit's own key: they may be about somebody. */
export const AuditFindingRaised = defineEvent('AuditFindingRaised', {
  auditId: subject('AuditId'),
  findingId: id('FindingId'),
  kind: code(...findingKinds),
  /** The clause of the notice that was not kept, where there is one. */
  clause: optional(policyCode()),
  leaves: list(count(), maxSample),
  words: personal.text('auditId', 'NARR'),
  at: instant(),
})
export const AuditFindingAnswered = defineEvent('AuditFindingAnswered', {
  auditId: subject('AuditId'),
  findingId: id('FindingId'),
  answer: code(...findingAnswers),
  words: personal.text('auditId', 'NARR'),
  at: instant(),
})
export const AuditFindingClosed = defineEvent('AuditFindingClosed', {
  auditId: id('AuditId'),
  findingId: id('FindingId'),
  outcome: code(...findingOutcomes),
  at: instant(),
})

/** A pack was made: the digest of its manifest, which so comes under a signed checkpoint. */
export const AuditPackMade = defineEvent('AuditPackMade', {
  auditId: id('AuditId'),
  manifestDigest: digestOfSealed(),
  checkpointSize: count(),
  at: instant(),
})

const auditRegisterEvents = [AuditOpened, AuditClosed] as const
export type AuditRegisterEvent = EventOf<(typeof auditRegisterEvents)[number]>
const auditWorkEvents = [
  AuditSampleFixed,
  AuditSampleDrawn,
  AuditFindingRaised,
  AuditFindingAnswered,
  AuditFindingClosed,
  AuditPackMade,
  AuditKeyCreated,
] as const
export type AuditWorkEvent = EventOf<(typeof auditWorkEvents)[number]>
export const auditConcerns = {
  ...concernsOf('audits', { 'audit-register': auditRegisterEvents }),
  ...concernsOf('audit', { 'audit-work': auditWorkEvents }),
}
