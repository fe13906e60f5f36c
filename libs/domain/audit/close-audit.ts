import { type At, command, noCategories } from '#decider/command'
import type { AuditId } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { audits } from './audits.js'
import { AuditClosed, type ClosingReason } from './events.js'

export type CloseAudit = { readonly auditId: AuditId; readonly reason: ClosingReason }

/** C37: from then on nobody reads under it. */
export const closeAudit = command({
  name: 'CloseAudit',
  clauses: ['C37'],
  says: 'Close an audit',
  aggregate: audits,
  streamId: (_: CloseAudit) => 'main',
  capability: 'OPEN_AUDIT',
  purpose: 'AUDIT',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND'],
  decide:
    ({ auditId, reason }: CloseAudit, { now }: At) =>
    known => {
      const mandate = known.get(auditId)
      if (!mandate) return refused('NOT_FOUND')
      return accept(mandate.closedAt === undefined ? [AuditClosed.of({ auditId, reason, at: now })] : [])
    },
})
