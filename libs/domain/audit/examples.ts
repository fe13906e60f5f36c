import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { AuditKeyCreated } from '#event-kit/key-events'
import type { AuditId } from '#kernel/id'
import { Personal } from '#kernel/personal'
import {
  AuditClosed,
  AuditFindingAnswered,
  AuditFindingClosed,
  AuditFindingRaised,
  AuditOpened,
  AuditPackMade,
  type AuditRegisterEvent,
  AuditSampleDrawn,
  AuditSampleFixed,
  type AuditWorkEvent,
} from './events.js'

const auditId: AuditId = inventedId(50)

/** One example of every event of an audit, every optional field filled. */
export const auditExamples = {
  AuditOpened: AuditOpened.of({
    auditId,
    auditors: [inventedId(42)],
    scope: 'SUBJECTS',
    subjects: [inventedId(1)],
    from: '2026-01-01T00:00:00.000Z',
    to: '2027-01-01T00:00:00.000Z',
    expiresAt: '2026-12-01T00:00:00.000Z',
    reference: 'AUDIT-2026-1',
    at,
  }),
  AuditClosed: AuditClosed.of({ auditId, reason: 'DONE', at }),
  AuditSampleFixed: AuditSampleFixed.of({ auditId, sampleId: inventedId(51), checkpointSize: 412, type: 'DataShared', wanted: 2, at }),
  AuditSampleDrawn: AuditSampleDrawn.of({
    auditId,
    sampleId: inventedId(51),
    seed: '5eed'.repeat(16),
    population: 90,
    leaves: [17, 301],
    at,
  }),
  AuditFindingRaised: AuditFindingRaised.of({
    auditId,
    findingId: inventedId(52),
    kind: 'MINOR',
    clause: 'C31',
    leaves: [17],
    words: Personal.of('Odalys Brandt is named in a subject line.'),
    at,
  }),
  AuditFindingAnswered: AuditFindingAnswered.of({
    auditId,
    findingId: inventedId(52),
    answer: 'REMEDIED',
    words: Personal.of('The template was changed.'),
    at,
  }),
  AuditFindingClosed: AuditFindingClosed.of({ auditId, findingId: inventedId(52), outcome: 'RESOLVED', at }),
  AuditPackMade: AuditPackMade.of({ auditId, manifestDigest: 'A'.repeat(43), checkpointSize: 412, at }),
  AuditKeyCreated: AuditKeyCreated.of({ auditId, kid: inventedId(53), scope: 'NARR', generation: 1, kc: 'A'.repeat(43) }),
} satisfies ExampleOfEach<AuditRegisterEvent | AuditWorkEvent>
