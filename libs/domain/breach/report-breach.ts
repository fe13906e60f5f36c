import { type At, command, noCategories, writeRules } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { earlierOf } from '#kernel/instants'
import { accept } from '#kernel/result'
import { breach } from './breach.js'
import { awareOf } from './establish-awareness.js'
import { BreachReported } from './events.js'

export type ReportBreach = DataOfEvent<typeof BreachReported> & { readonly awareAt?: string | undefined }

/** C06, C49, C50: a report is never refused. It can say awareness at once, which starts the 72 hours. */
export const reportBreach = command({
  name: 'ReportBreach',
  clauses: ['C06', 'C49'],
  says: 'Report a breach, or the suspicion of one; never refused',
  aggregate: breach,
  streamId: ({ breachId }: ReportBreach) => breachId,
  capability: 'REPORT_BREACH',
  purpose: 'BREACH_RESPONSE',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: writeRules,
  refusals: [],
  decide:
    ({ awareAt, ...told }: ReportBreach, { now }: At) =>
    breach => {
      if (breach.reported) return accept([])
      // A caller's clock may be a little ahead: nothing was discovered after it was reported.
      const reported = BreachReported.of({ ...told, discoveredAt: earlierOf(told.discoveredAt, now) })
      return accept([reported, ...(awareAt === undefined ? [] : [awareOf(told.breachId, earlierOf(awareAt, now))])])
    },
})
