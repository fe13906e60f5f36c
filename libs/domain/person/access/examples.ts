import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { subjectRef } from '../invented.js'
import { type AccessEvent, BreakGlassReviewed, BreakGlassUsed, ConflictDeclared, ConflictEnded } from './events.js'

const of = { subjectRef, grantId: inventedId(47) } as const

export const accessExamples = {
  BreakGlassUsed: BreakGlassUsed.of({
    ...of,
    reason: Personal.of('She is not at home, her worker is on leave, and a neighbour heard a fall.'),
    usedAt: at,
    until: '2026-11-01T13:00:00.000Z',
  }),
  BreakGlassReviewed: BreakGlassReviewed.of({
    ...of,
    outcome: 'JUSTIFIED',
    reasons: Personal.of('There was nobody else to ask.'),
    reviewedAt: at,
  }),
  ConflictDeclared: ConflictDeclared.of({ subjectRef, staffRef: inventedId(43), declaredAt: at }),
  ConflictEnded: ConflictEnded.of({ subjectRef, staffRef: inventedId(43), endedAt: at }),
} satisfies ExampleOfEach<AccessEvent>
