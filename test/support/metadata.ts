import type { EventMetadata } from '#event-codec/metadata'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as never

/** Metadata with every field filled. */
export const metadata: EventMetadata = {
  actor: { id: uuid(50), role: 'ips-worker', onBehalfOf: 'PARENT' },
  purpose: 'SERVICE_PROVISION',
  lawfulBasis: { art6: 'c', art9: '9-2-h', sch1: 'para-2', provision: 'Road Traffic Act 1988 s.4' },
  noticeVersion: 'DEMO-1',
  policies: { recipients: 'DEMO-1' },
  regime: 'UK-GDPR',
  correlationId: uuid(51),
  causationId: uuid(52),
  commandId: uuid(53),
  command: 'ShareData',
  occurredAt: '2026-11-01T09:00:00.000Z',
}
