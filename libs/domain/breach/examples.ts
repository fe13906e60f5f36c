import { type ExampleOfEach, inventedId } from '#event-kit/examples'
import { BreachKeyCreated } from '#event-kit/key-events'
import type { BreachId } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { AwarenessEstablished, type BreachEvent, BreachReported } from './events.js'

const breachId: BreachId = inventedId(20)

/** One example of every event of a breach, every optional field filled. */
export const breachExamples = {
  BreachReported: BreachReported.of({
    breachId,
    kind: 'CONFIDENTIALITY',
    discoveredAt: '2026-10-23T08:00:00.000Z',
    affected: [inventedId(1)],
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
  BreachKeyCreated: BreachKeyCreated.of({ breachId, kid: inventedId(21), scope: 'NARR', generation: 1, kc: 'A'.repeat(43) }),
} satisfies ExampleOfEach<BreachEvent>
