import { type At, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { audit } from './audit.js'
import { type UnderAudit, whyNotUnder } from './audits.js'
import { AuditFindingRaised } from './events.js'

export type RaiseFinding = Omit<DataOfEvent<typeof AuditFindingRaised>, 'at'>

/** Raising the same finding again changes nothing. */
export const raiseFinding = command({
  name: 'RaiseFinding',
  clauses: [],
  says: 'Raise a finding',
  aggregate: audit,
  streamId: ({ auditId }: RaiseFinding) => auditId,
  capability: 'WORK_ON_AUDIT',
  purpose: 'AUDIT',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'AUDIT_CLOSED'],
  decide:
    (raised: RaiseFinding, { mandate, now }: UnderAudit & At) =>
    ({ findings }) => {
      const why = whyNotUnder(mandate, now)
      if (why) return refused(why)
      return accept(findings.has(raised.findingId) ? [] : [AuditFindingRaised.of({ ...raised, at: now })])
    },
})
