import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { category, code, count, happenedAt, id, instant, list, optional, personal, subject } from '#event-kit/field'
import { BreachKeyCreated } from '#event-kit/key-events'
import { breachKinds } from '#kernel/breach-kinds'

/** The first event of a breach: somebody suspects or reports one. The narrative is sealed under the breach's own key (ADR-0006). */
export const BreachReported = defineEvent('BreachReported', {
  breachId: subject('BreachId'),
  kind: code(...breachKinds),
  discoveredAt: happenedAt(),
  affected: list(id('SubjectRef'), 10_000),
  approxPeople: optional(count()),
  approxRecords: optional(count()),
  categories: list(category()),
  summary: personal.text('breachId', 'NARR'),
})
/** Article 33(1): reasonable certainty that personal data were compromised starts the 72 hours. Both ends in UTC. */
export const AwarenessEstablished = defineEvent('AwarenessEstablished', {
  breachId: subject('BreachId'),
  awareAt: happenedAt(),
  target: instant(),
  limit: instant(),
})

const breachEvents = [BreachReported, AwarenessEstablished, BreachKeyCreated] as const
export const breachConcerns = concernsOf('breach', { breach: breachEvents })
export type BreachEvent = EventOf<(typeof breachEvents)[number]>
