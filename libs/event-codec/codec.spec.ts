import { inspect } from 'node:util'
import { randomUUID } from 'node:crypto'
import { ZodError, z } from 'zod'
import { EventCatalog } from '#event-kit/catalog'
import { EventDef, defineEvent } from '#event-kit/event'
import { PersonalField, code, group, id, list, optional, personal, subject } from '#event-kit/field'
import type { SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { InMemorySubjectKeys } from '#subject-keys/memory'
import { KeyMissing, SealBroken, SubjectErased } from '#subject-keys/subject-keys'
import type { JsonValue } from '#kernel/json'
import { EventCodec } from './codec.js'
import { sealedValuesIn } from './walk.js'
import type { EventMetadata } from './metadata.js'

const subjectRef = randomUUID() as SubjectRef
const other = randomUUID() as SubjectRef
const metadata: EventMetadata = {
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
}
const MeetingV1 = defineEvent('MeetingHeld', { subjectRef: subject('SubjectRef'), summary: personal.text('subjectRef', 'NARR') })
const Meeting = MeetingV1.next({
  subjectRef: subject('SubjectRef'),
  kind: code('VISIT', 'NOT_RECORDED'),
  summary: personal.text('subjectRef', 'NARR'),
  needs: optional(personal.text('subjectRef', 'HLT')),
  topics: optional(list(personal.text('subjectRef', 'NARR'))),
  others: optional(
    list(
      group({
        who: subject('SubjectRef'),
        said: personal.text('who', '3P'),
        place: optional(group({ address: personal.text('subjectRef', 'CON') })),
      }),
    ),
  ),
  category: optional(code('EMP', 'HLT')),
  values: optional(group({ category: code('EMP', 'HLT'), of: subject('SubjectRef'), items: personal.record('of', 'category') })),
}).from(old => ({ ...old, kind: 'NOT_RECORDED' }))
const words = 'Perpetua met Imre at the canal'
const full = Meeting.of({
  subjectRef,
  kind: 'VISIT',
  summary: Personal.of(words),
  needs: Personal.of('large print'),
  topics: [Personal.of('work'), Personal.of('housing')],
  others: [
    { who: other, said: Personal.of('the neighbour agreed'), place: { address: Personal.of('1 Nowhere Row') } },
    { who: subjectRef, said: Personal.of('so did the person') },
  ],
  values: { category: 'EMP', of: other, items: { status: Personal.of<JsonValue>('UNEMPLOYED') } },
})

const world = () => {
  const keys = new InMemorySubjectKeys()
  return { keys, codec: new EventCodec(new EventCatalog([Meeting]), keys) }
}
const place = { stream: `person-${subjectRef}`, revision: 0n, position: 1n, recordedAt: '2026-11-01T09:00:00.000Z' }
async function stored(codec: EventCodec, event: { readonly type: string; readonly data: object } = full) {
  const { events, keys } = await codec.encode([{ id: randomUUID(), ...event, metadata }])
  return { event: { ...events[0]!, ...place }, keys }
}
const storedAsV1 = (keys: InMemorySubjectKeys) =>
  stored(new EventCodec(new EventCatalog([MeetingV1]), keys), MeetingV1.of({ subjectRef, summary: Personal.of(words) }))
const dataOf = (codec: EventCodec, event: Parameters<EventCodec['decode']>[0]) => codec.decode(event).data as typeof full.data
async function openOne(keys: InMemorySubjectKeys, who: string, value: Personal<unknown>, path: string) {
  return Personal.look<unknown, Promise<unknown>>(value, {
    sealed: async sealed => (await keys.open([{ subject: who, sealed, declared: [`MeetingHeld|${path}`] }]))[0],
    fresh: () => Promise.reject(new Error('not sealed')),
  })
}

test('personal data is sealed on the way in and opens for the vault only: nested, in lists, optional, for several subjects', async () => {
  const { keys, codec } = world()
  const { event } = await stored(codec)
  for (const plain of ['Perpetua', 'large print', 'work', 'housing', 'neighbour', 'Nowhere', 'UNEMPLOYED'])
    expect(JSON.stringify(event.data)).not.toContain(plain)
  const data = dataOf(codec, event)
  expect(await openOne(keys, subjectRef, data.summary, 'summary')).toEqual({ known: words })
  expect(await openOne(keys, subjectRef, data.topics![1]!, 'topics.*')).toEqual({ known: 'housing' })
  expect(await openOne(keys, other, data.others![0]!.said, 'others.*.said')).toEqual({ known: 'the neighbour agreed' })
  expect(await openOne(keys, subjectRef, data.others![0]!.place!.address, 'others.*.place.address')).toEqual({ known: '1 Nowhere Row' })
  expect(await openOne(keys, other, data.values!.items['status']!, 'values.items.status')).toEqual({ known: 'UNEMPLOYED' })
})
test('a batch is sealed in one go, and names every key it used', async () => {
  const { codec } = world()
  const { keys } = await stored(codec)
  expect(keys.map(({ subject: of, scope }) => `${of === subjectRef ? 'person' : 'other'} ${scope}`).sort()).toEqual([
    'other 3P',
    'other EMP',
    'person 3P',
    'person CON',
    'person HLT',
    'person NARR',
  ])
})
test('[T15] erasing one person leaves the other’s part readable', async () => {
  const { keys, codec } = world()
  const { event } = await stored(codec)
  await keys.close({ subject: other, scopes: ['3P', 'EMP'], kids: [], fenceEventId: randomUUID(), cause: 'ERASURE' })
  const data = dataOf(codec, event)
  expect(await openOne(keys, other, data.others![0]!.said, 'others.*.said')).toBe('erased')
  expect(await openOne(keys, subjectRef, data.others![1]!.said, 'others.*.said')).toEqual({ known: 'so did the person' })
})
test('past an erasure nothing is sealed', async () => {
  const { keys, codec } = world()
  await keys.close({ subject: subjectRef, scopes: ['NARR'], kids: [], fenceEventId: randomUUID(), cause: 'ERASURE' })
  await expect(stored(codec)).rejects.toBeInstanceOf(SubjectErased)
})
test('a value in another event, or at another path, is tampering', async () => {
  const { codec } = world()
  const { event } = await stored(codec)
  expect(() => codec.decode({ ...event, id: randomUUID() })).toThrow(SealBroken)
  expect(() => codec.decode({ ...event, data: { ...event.data, needs: event.data['summary']! } })).toThrow(SealBroken)
})
test('a lost key is an error', async () => {
  const { codec } = world()
  const { event } = await stored(codec)
  await expect(openOne(new InMemorySubjectKeys(), subjectRef, dataOf(codec, event).summary, 'summary')).rejects.toBeInstanceOf(KeyMissing)
})
test('version 1 is read as version 2, its sealed words carried along and still where they were sealed', async () => {
  const keys = new InMemorySubjectKeys()
  const { event } = await storedAsV1(keys)
  const decoded = new EventCodec(new EventCatalog([Meeting]), keys).decode(event)
  expect(decoded.version).toBe(1)
  expect((decoded.data as typeof full.data).kind).toBe('NOT_RECORDED')
  expect(await openOne(keys, subjectRef, (decoded.data as typeof full.data).summary, 'summary')).toEqual({ known: words })
})
test('an erased value survives an upcast', async () => {
  const keys = new InMemorySubjectKeys()
  const { event } = await storedAsV1(keys)
  await keys.close({ subject: subjectRef, scopes: ['NARR'], kids: [], fenceEventId: randomUUID(), cause: 'ERASURE' })
  const decoded = new EventCodec(new EventCatalog([Meeting]), keys).decode(event)
  expect(await openOne(keys, subjectRef, (decoded.data as typeof full.data).summary, 'summary')).toBe('erased')
})
test('what is already sealed is not sealed again, what is not personal is not sealed, what is unknown is refused', async () => {
  const { codec } = world()
  const data = dataOf(codec, (await stored(codec)).event)
  await expect(stored(codec, { type: 'MeetingHeld', data: { ...full.data, summary: data.summary } })).rejects.toThrow(/already sealed/)
  await expect(stored(codec, { type: 'MeetingHeld', data: { ...full.data, summary: words } })).rejects.toThrow(/must be Personal/)
  await expect(stored(codec, { type: 'MeetingHeld', data: { ...full.data, extra: 1 } })).rejects.toThrow(/does not name/)
  await expect(stored(codec, { type: 'Unheard', data: {} })).rejects.toThrow(/not in the catalogue/)
})
test('an error about a personal value does not hold it', async () => {
  const { codec } = world()
  const error: unknown = await stored(codec, {
    type: 'MeetingHeld',
    data: { ...full.data, summary: Personal.of(`${words} ${'x'.repeat(10_001)}`) },
  }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(TypeError)
  expect(inspect(error, { depth: 9 })).not.toContain('Perpetua')
})
test('personal data leaves by no other door', () => {
  const value = Personal.of(words)
  expect(() => JSON.stringify({ value })).toThrow(/outside the event codec/)
  expect(String(value)).toBe('[personal]')
  expect(inspect({ deep: { value } }, { depth: 9, showHidden: true })).not.toContain('Perpetua')
})
test('boot refuses what casts let through: an unclassified field, a missing subject, two events of one name', () => {
  expect(() => new EventCatalog([new EventDef('X', 1, { note: z.string() } as never)])).toThrow(/X.v1.note is not classified/)
  expect(() => new EventCatalog([new EventDef('X', 1, { n: new PersonalField('nobody', 'ID', z.string()) } as never)])).toThrow(
    /not a subject/,
  )
  expect(
    () => new EventCatalog([new EventDef('X', 1, { of: subject('SubjectRef'), n: personal.record('of', 'nothing') } as never)]),
  ).toThrow(/not a clear field/)
  expect(() => new EventCatalog([Meeting, Meeting])).toThrow(/Two events/)
  expect(() => new EventCatalog([defineEvent('Y', { a: id('A') })]).versioned('Y', 2)).toThrow(/newer release wrote .* \(Y v2\)/)
})
test('a list is a list, of at most as many as its field allows', async () => {
  const { codec } = world()
  const topics = (value: unknown) => stored(codec, { type: 'MeetingHeld', data: { ...full.data, topics: value } })
  const many = (count: number) => Array.from({ length: count }, () => Personal.of('work'))
  expect((dataOf(codec, (await topics(many(200))).event).topics ?? []).length).toBe(200)
  await expect(topics(many(201))).rejects.toThrow(/topics must be a list of at most 200/)
  await expect(topics({ length: 1 })).rejects.toThrow(/must be a list/)
})
test.each(['Status', 'sta-tus', '9status', `s${'x'.repeat(40)}`, ' status', ''])(
  'a personal value is not named “%s”: names are field codes, and stay clear',
  async name => {
    const items = { [name]: Personal.of<JsonValue>('UNEMPLOYED') }
    await expect(
      stored(world().codec, { type: 'MeetingHeld', data: { ...full.data, values: { ...full.data.values!, items } } }),
    ).rejects.toThrow(/not a field code/)
  },
)
test('the keys of a batch say whose they are; a batch without personal values asks the vault for nothing', async () => {
  const { codec } = world()
  expect((await stored(codec)).keys.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'SubjectRef'))
  const Counted = defineEvent('Counted', { of: subject('SubjectRef') })
  const bare = new EventCodec(new EventCatalog([Counted]), { seal: () => Promise.reject(new Error('asked')) })
  expect((await stored(bare, Counted.of({ of: subjectRef }))).keys).toEqual([])
})
test('what was just encoded is decoded when it is looked at, and is what decoding it would give', async () => {
  const { codec } = world()
  const { event } = await stored(codec)
  const [now, later] = [codec.decode(event), codec.decodeLater(event, metadata)]
  const { actor, occurredAt } = metadata
  expect(now).toMatchObject({
    type: 'MeetingHeld',
    version: 2,
    stream: place.stream,
    metadata,
    meta: { eventId: event.id, actor, occurredAt, recordedAt: place.recordedAt, position: 1n, revision: 0n },
  })
  expect({ ...later, data: sealedValuesIn(later.data) }).toEqual({ ...now, data: sealedValuesIn(now.data) })
  expect(later.data).toBe(later.data)
  const moved = codec.decodeLater({ ...event, id: randomUUID() }, metadata)
  expect(() => moved.data).toThrow(SealBroken)
})
test('every sealed value of an event is found, and nothing that is not sealed', async () => {
  const { codec } = world()
  const { event } = await stored(codec)
  expect(
    sealedValuesIn(dataOf(codec, event))
      .map(({ at }) => at.split('|')[2])
      .sort(),
  ).toEqual(['needs', 'others.0.place.address', 'others.0.said', 'others.1.said', 'summary', 'topics.0', 'topics.1', 'values.items.status'])
  expect([sealedValuesIn(full.data), sealedValuesIn(null), sealedValuesIn('text'), sealedValuesIn([1, null, { a: undefined }])]).toEqual([
    [],
    [],
    [],
    [],
  ])
})
test.each<readonly [string, object]>([
  ['another version', { v: 2 }],
  ['a key that is no id', { kid: 'k' }],
  ['no IV', { iv: undefined }],
  ['a ciphertext that is no text', { ct: 7 }],
  ['no place', { at: undefined }],
  ['one thing more', { key: 'x' }],
])('an envelope of another form is not read: %s', async (_, change) => {
  const { codec } = world()
  const { event } = await stored(codec)
  expect(() => codec.decode({ ...event, data: { ...event.data, summary: { ...(event.data['summary'] as object), ...change } } })).toThrow(
    ZodError,
  )
})
