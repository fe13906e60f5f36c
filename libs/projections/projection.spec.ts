import { ConsentGranted, ConsentRefused, ConsentWithdrawn } from '#domain/person/consent/events'
import { examples } from '#domain/person/examples'
import { personConcerns } from '#domain/person/person'
import type { DecodedEvent } from '#event-codec/codec'
import { concernsOf } from '#event-kit/concern'
import { defineEvent } from '#event-kit/event'
import { count } from '#event-kit/field'
import { type Table, documentProjection, evolveDocument, hears, nothing, rowProjection } from './projection.js'
import { clear } from './table.js'

const happened = ({ type, data }: { readonly type: string; readonly data: unknown }) =>
  ({ type, data, stream: 'person-1', meta: { position: 1n } }) as unknown as DecodedEvent
const table: Table = {
  name: 'consent_count',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: { subject_ref: clear('uuid'), state: clear('text') },
}
const { keys } = personConcerns
/** A concern as it may be: the real one grows. */
const { consent } = concernsOf('person', { consent: [ConsentGranted, ConsentRefused, ConsentWithdrawn] })

const states = rowProjection({
  name: 'consent-states',
  concerns: [consent],
  tables: [table],
  on: {
    ConsentGranted: ({ subjectRef }) => ({ table, put: { subject_ref: subjectRef, state: 'GIVEN' } }),
    ConsentRefused: nothing,
    ConsentWithdrawn: ({ subjectRef }) => [{ table, patch: { subject_ref: subjectRef, state: 'WITHDRAWN' } }],
  },
})
const counted = documentProjection({
  name: 'consent-count',
  concerns: [consent],
  table,
  fold: {
    initial: 0,
    evolve: { ConsentGranted: (n: number) => n + 1, ConsentRefused: n => n, ConsentWithdrawn: n => n - 1 },
    toRow: (n, id) => ({ subject_ref: id, state: String(n) }),
    fromRow: row => Number(row['state']),
  },
})
const { fold } = counted as Extract<typeof counted, { kind: 'document' }>
const changesOf = (event: DecodedEvent) => (states as Extract<typeof states, { kind: 'rows' }>).changesOf(event)

test('a projection hears every event of the concerns that it is about', () => {
  const { subjectRef } = examples.ConsentGranted.data
  expect(changesOf(happened(examples.ConsentGranted))).toEqual([{ table, put: { subject_ref: subjectRef, state: 'GIVEN' } }])
  expect(changesOf(happened(examples.ConsentRefused))).toEqual([])
  expect(changesOf(happened(examples.ConsentWithdrawn))).toHaveLength(1)
  expect(evolveDocument(fold, 0, happened(examples.ConsentGranted))).toBe(1)
})
test('what happens in another concern is passed over', () => {
  expect(changesOf(happened(examples.DataShared))).toEqual([])
  expect(evolveDocument(fold, 7, happened(examples.DataShared))).toBe(7)
  expect([hears(fold, happened(examples.DataShared)), hears(fold, happened(examples.ConsentGranted))]).toEqual([false, true])
})
test('an event of no concern stops it', () => {
  const unknown = happened({ type: 'FromTheFuture', data: {} })
  expect(() => changesOf(unknown)).toThrow('consent-states came upon FromTheFuture, which is of no concern that this version knows')
  expect(() => evolveDocument(fold, 0, unknown)).toThrow('FromTheFuture')
})
test('its concerns say which streams it follows', () => {
  expect([states.concerns, states.contexts]).toEqual([['consent'], ['person']])
  const { parcels } = concernsOf('parcel', { parcels: [defineEvent('ParcelSent', { n: count() })] })
  const wide = rowProjection({
    name: 'wide',
    concerns: [keys, consent, parcels],
    tables: [],
    on: everything([keys, consent, parcels]) as never,
  })
  expect([wide.concerns, wide.contexts]).toEqual([
    ['keys', 'consent', 'parcels'],
    ['person', 'parcel'],
  ])
})
test('one that is silent about an event of its concerns does not start', () => {
  const { ['KeyRetired']: _, ...most } = everything([keys])
  expect(() => rowProjection({ name: 'silent', concerns: [keys], tables: [], on: most as never })).toThrow(
    'silent is silent about KeyRetired',
  )
  expect(() => documentProjection({ name: 'silent', concerns: [keys], table, fold: { ...fold, evolve: most as never } })).toThrow(
    'KeyRetired',
  )
})

function everything(concerns: readonly { readonly events: readonly { readonly type: string }[] }[]): Record<string, typeof nothing> {
  return Object.fromEntries(concerns.flatMap(({ events }) => events.map(({ type }) => [type, nothing])))
}
