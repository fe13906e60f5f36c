import { BreachKeyCreated } from '#event-kit/key-events'
import type { BreachId } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { AwarenessEstablished, type BreachEvent, BreachReported } from './events.js'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as never
const breachId: BreachId = uuid(20)

/** One example of every event of a breach, every optional field filled. */
export const breachExamples = {
  BreachReported: BreachReported.of({
    breachId,
    kind: 'CONFIDENTIALITY',
    discoveredAt: '2026-10-23T08:00:00.000Z',
    affected: [uuid(1)],
    approxPeople: 3,
    approxRecords: 9,
    categories: ['ID'],
    summary: Personal.of('A letter went to the wrong house.'),
  }),
  AwarenessEstablished: AwarenessEstablished.of({
    breachId,
    awareAt: '2026-10-23T08:15:00.000Z',
    target: '2026-10-26T08:15:00Z',
    limit: '2026-10-26T09:00:00Z',
  }),
  BreachKeyCreated: BreachKeyCreated.of({ breachId, kid: uuid(21), scope: 'NARR', generation: 1, kc: 'A'.repeat(43) }),
} satisfies { readonly [T in BreachEvent['type']]: Extract<BreachEvent, { type: T }> }
