import { type At, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { audit } from './audit.js'
import { type UnderAudit, whyNotUnder } from './audits.js'
import { AuditFindingAnswered } from './events.js'

export type AnswerFinding = Omit<DataOfEvent<typeof AuditFindingAnswered>, 'at'>

/** The service answers, as often as it has something to say, until the finding is closed. */
export const answerFinding = command({
  name: 'AnswerFinding',
  clauses: [],
  says: 'Answer a finding, for the service',
  aggregate: audit,
  streamId: ({ auditId }: AnswerFinding) => auditId,
  capability: 'ANSWER_FINDING',
  purpose: 'AUDIT',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
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
