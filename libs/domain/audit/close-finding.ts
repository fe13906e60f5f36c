import { type At, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { audit } from './audit.js'
import { type UnderAudit, whyNotUnder } from './audits.js'
import { AuditFindingClosed } from './events.js'

export type CloseFinding = Omit<DataOfEvent<typeof AuditFindingClosed>, 'at'>

/** From then on nothing more is said about it. */
export const closeFinding = command({
  name: 'CloseFinding',
  clauses: [],
  says: 'Close a finding',
  aggregate: audit,
  streamId: ({ auditId }: CloseFinding) => auditId,
  capability: 'WORK_ON_AUDIT',
  purpose: 'AUDIT',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
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
