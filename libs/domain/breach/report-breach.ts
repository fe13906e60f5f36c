import { breachNotificationDue } from '#calendar/statutory-periods'
import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import type { Breach } from './breach.js'
import { AwarenessEstablished, type BreachEvent, BreachReported } from './events.js'

export type ReportBreach = DataOfEvent<typeof BreachReported> & { readonly awareAt?: string | undefined }

/** C06, C49, C50: a report is never refused. It can say awareness at once, which starts the 72 hours. */
export const reportBreach =
  ({ awareAt, ...reported }: ReportBreach): Decision<Breach, BreachEvent, never> =>
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
  }
