import { breachNotificationDue } from '#calendar/statutory-periods'
import { command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { breach } from './breach.js'
import { AwarenessEstablished, BreachReported } from './events.js'

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
  exemptFrom: ['W2', 'W3', 'W6', 'W7'],
  refusals: [],
  decide:
    ({ awareAt, ...reported }: ReportBreach) =>
    breach => {
      if (breach.reported) return accept([])
      const { breachId } = reported
      return accept(
        awareAt === undefined
          ? [BreachReported.of(reported)]
          : [
              BreachReported.of(reported),
              AwarenessEstablished.of({ breachId, awareAt: new Date(awareAt).toISOString(), ...breachNotificationDue(awareAt) }),
            ],
      )
    },
})
