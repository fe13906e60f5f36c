import { type At, type By, command, noCategories } from '#decider/command'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type Mandate, audits } from './audits.js'
import { AuditOpened } from './events.js'

/** C37: nobody opens an audit for themselves; it ends by itself. */
export const openAudit = command({
  name: 'OpenAudit',
  clauses: ['C37'],
  says: 'Open an audit: its auditors may then read, within its scope',
  aggregate: audits,
  streamId: (_: Mandate) => 'main',
  capability: 'OPEN_AUDIT',
  purpose: 'AUDIT',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['SELF_APPROVAL_FORBIDDEN', 'AUDIT_PERIOD_INVALID'],
  decide:
    (asked: Mandate, { actor, now }: At & By) =>
    known => {
      if (known.has(asked.auditId)) return accept([])
      if (asked.auditors.includes(actor.id)) return refused('SELF_APPROVAL_FORBIDDEN')
      if (asked.from >= asked.to || asked.expiresAt <= now || (asked.scope === 'ALL') !== (asked.subjects.length === 0))
        return refused('AUDIT_PERIOD_INVALID')
      return accept([AuditOpened.of({ ...asked, at: now })])
    },
})
