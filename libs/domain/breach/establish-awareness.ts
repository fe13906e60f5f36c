import { breachNotificationDue } from '#calendar/statutory-periods'
import { type At, command, noCategories } from '#decider/command'
import type { BreachId } from '#kernel/id'
import { earlierOf, isEarlier } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { breach } from './breach.js'
import { AwarenessEstablished } from './events.js'

export type EstablishAwareness = { readonly breachId: BreachId; readonly awareAt: string }

/** C50: the event that starts the 72 hours. */
export const awareOf = (breachId: BreachId, awareAt: string) =>
  AwarenessEstablished.of({ breachId, awareAt: new Date(awareAt).toISOString(), ...breachNotificationDue(awareAt) })

/**
 * C50, UK GDPR Article 33(1): what was reported as a suspicion is certain. The 72 hours count from the first moment at which the service
 * was aware: said again, or for later, it changes nothing; an earlier moment that comes to light brings them forward, and nothing puts
 * them off.
 */
export const establishAwareness = command({
  name: 'EstablishAwareness',
  clauses: ['C06', 'C50'],
  says: 'Establish when the service became aware of a breach: the 72 hours begin',
  aggregate: breach,
  streamId: ({ breachId }: EstablishAwareness) => breachId,
  capability: 'RESPOND_TO_BREACH',
  purpose: 'BREACH_RESPONSE',
  basis: { art6: 'c' },
  categories: noCategories,
  // The law's clock runs whatever the paperwork and whoever looks at it.
  exemptFrom: ['W2', 'W3', 'W7'],
  refusals: ['NOT_FOUND', 'AWARE_BEFORE_DISCOVERY'],
  decide:
    ({ breachId, awareAt: told }: EstablishAwareness, { now }: At) =>
    ({ discoveredAt, awareness }) => {
      if (discoveredAt === undefined) return refused('NOT_FOUND')
      if (isEarlier(told, discoveredAt)) return refused('AWARE_BEFORE_DISCOVERY')
      const awareAt = earlierOf(told, now)
      return accept(awareness && !isEarlier(awareAt, awareness.awareAt) ? [] : [awareOf(breachId, awareAt)])
    },
})
