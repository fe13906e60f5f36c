import { randomUUID } from 'node:crypto'
import { accessExamples } from '#domain/access/examples'
import { breachExamples } from '#domain/breach/examples'
import { examples as personExamples } from '#domain/person/examples'
import { staffExamples } from '#domain/staff/examples'
import { EventCodec } from '#event-codec/codec'
import { catalogue } from '#event-codec/catalogue'
import { InMemorySubjectKeys } from '#subject-keys/memory'
import type { Projection } from '#projections/projection'
import { projections } from './all.js'

const codec = new EventCodec(catalogue, new InMemorySubjectKeys())
const metadata = {
  actor: { id: randomUUID() as never, role: 'ips-worker' },
  purpose: 'SERVICE_PROVISION',
  lawfulBasis: { art6: 'f' },
  noticeVersion: 'N1',
  policies: {},
  regime: 'UK-GDPR',
  correlationId: randomUUID(),
  commandId: randomUUID(),
  command: 'Test',
  occurredAt: '2026-11-01T09:00:00.000Z',
} as const

/** As a projection hears it: sealed. */
async function heard(stream: string, { type, data }: { readonly type: string; readonly data: object }) {
  const { events } = await codec.encode([{ id: randomUUID(), type, data, metadata }])
  return codec.decode({ ...events[0]!, stream, revision: 1n, position: 1n, recordedAt: metadata.occurredAt })
}
const happenings = async () =>
  Promise.all([
    ...Object.values(personExamples).map(event => heard(`person-${event.data.subjectRef}`, event)),
    ...Object.values(breachExamples).map(event => heard(`breach-${event.data.breachId}`, event)),
    ...[staffExamples.AccessGranted, staffExamples.AccessRevoked].map(event => heard(`staff-${event.data.staffRef}`, event)),
    heard('access-writer-2026-11-01', accessExamples.RecordAccessed),
    heard('hub-writer-2026-11-01', accessExamples.CommandRefused),
  ])
const rows = projections.filter((one): one is Extract<Projection, { kind: 'rows' }> => one.kind === 'rows')

test('a read model answers for whatever happens on its streams', async () => {
  const types = new Set<string>()
  for (const event of await happenings()) {
    types.add(event.type)
    for (const { name, contexts, changesOf } of rows) {
      if (!contexts.includes(event.stream.slice(0, event.stream.indexOf('-')))) continue
      expect([name, event.type, Array.isArray(changesOf(event))]).toEqual([name, event.type, true])
    }
  }
  expect(types.size).toBeGreaterThan(25)
})
test('what it puts is a whole row, and what it patches names a row: of declared columns only', async () => {
  const touched = new Set<string>()
  for (const event of await happenings()) {
    for (const { changesOf, contexts } of rows) {
      if (!contexts.includes(event.stream.slice(0, event.stream.indexOf('-')))) continue
      for (const change of changesOf(event)) {
        const declared = Object.keys(change.table.columns).sort()
        touched.add(change.table.name)
        if ('put' in change) expect([event.type, Object.keys(change.put).sort()]).toEqual([event.type, declared])
        else {
          expect(Object.keys(change.patch)).toContain(change.table.key)
          expect(declared).toEqual(expect.arrayContaining(Object.keys(change.patch)))
        }
      }
    }
  }
  expect([...touched].sort()).toEqual(rows.flatMap(({ tables }) => tables.map(({ name }) => name)).sort())
})
