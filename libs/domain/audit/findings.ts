import { type At, command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { audit } from './audit.js'
import { type Mandate, whyNotUnder } from './audits.js'
import { AuditFindingAnswered, AuditFindingClosed, AuditFindingRaised } from './events.js'

export type UnderAudit = { readonly mandate: Mandate | undefined }
const everyFinding = {
  clauses: [],
  aggregate: audit,
  streamId: ({ auditId }: { readonly auditId: string }) => auditId,
  purpose: 'AUDIT',
  basis: { art6: 'c' },
  exemptFrom: [],
} as const

export type RaiseFinding = Omit<DataOfEvent<typeof AuditFindingRaised>, 'at'>
export const raiseFinding = command({
  ...everyFinding,
  name: 'RaiseFinding',
  says: 'Raise a finding',
  capability: 'WORK_ON_AUDIT',
  refusals: ['NOT_FOUND', 'AUDIT_CLOSED'],
  decide:
    (raised: RaiseFinding, { mandate, now }: UnderAudit & At) =>
    ({ findings }) => {
      const why = whyNotUnder(mandate, now)
      if (why) return refused(why)
      return accept(findings.has(raised.findingId) ? [] : [AuditFindingRaised.of({ ...raised, at: now })])
    },
})

export type AnswerFinding = Omit<DataOfEvent<typeof AuditFindingAnswered>, 'at'>
/** The service answers, as often as it has something to say, until the finding is closed. */
export const answerFinding = command({
  ...everyFinding,
  name: 'AnswerFinding',
  says: 'Answer a finding, for the service',
  capability: 'ANSWER_FINDING',
  refusals: ['NOT_FOUND', 'AUDIT_CLOSED', 'ALREADY_DECIDED'],
  decide:
    (answered: AnswerFinding, { mandate, now }: UnderAudit & At) =>
    ({ findings }) => {
      const why = whyNotUnder(mandate, now)
      if (why) return refused(why)
      const finding = findings.get(answered.findingId)
      if (!finding) return refused('NOT_FOUND')
      return finding.closed ? refused('ALREADY_DECIDED') : accept([AuditFindingAnswered.of({ ...answered, at: now })])
    },
})

export type CloseFinding = Omit<DataOfEvent<typeof AuditFindingClosed>, 'at'>
export const closeFinding = command({
  ...everyFinding,
  name: 'CloseFinding',
  says: 'Close a finding',
  capability: 'WORK_ON_AUDIT',
  refusals: ['NOT_FOUND', 'AUDIT_CLOSED', 'ALREADY_DECIDED'],
  decide:
    (closed: CloseFinding, { mandate, now }: UnderAudit & At) =>
    ({ findings }) => {
      const why = whyNotUnder(mandate, now)
      if (why) return refused(why)
      const finding = findings.get(closed.findingId)
      if (!finding) return refused('NOT_FOUND')
      return finding.closed ? refused('ALREADY_DECIDED') : accept([AuditFindingClosed.of({ ...closed, at: now })])
    },
})
