import { organisation } from '#domain/staff/staff'
import { staffExamples } from '#domain/staff/examples'
import type { EventMetadata } from '#event-codec/metadata'
import { inventedId } from '#event-kit/examples'
import { StreamDamaged, type StreamPlace } from '#event-store/event-store'
import { InMemoryEventStore } from '#event-store/memory/memory-event-store'
import { type Room, StreamFolds } from './folds.js'
import { clock, codec, factsOf } from './spec.js'

/** Says which streams were read from the start: those that were not remembered. */
class NotingStore extends InMemoryEventStore {
  readonly fromTheStart: string[] = []
  /** Where what is new on a stream seems to stand. */
  moved: bigint | undefined

  override async since(places: readonly StreamPlace[]) {
    const found = await super.since(places)
    const { moved } = this
    if (moved === undefined) return found
    return found.map(one => ({ ...one, events: one.events.map(event => ({ ...event, position: moved })) }))
  }

  override readStream(stream: string, options: { from?: bigint; limit?: number } = {}) {
    if ((options.from ?? 0n) === 0n) this.fromTheStart.push(stream)
    return super.readStream(stream, options)
  }
}
const metadata: EventMetadata = { ...factsOf(inventedId(53)), occurredAt: clock.now() }

/** Streams with so many events each, and folds that have room for so much. */
async function streamsOf(lengths: Readonly<Record<string, number>>, room: Room) {
  const store = new NotingStore(clock)
  const add = async (id: string, from: number, count: number) => {
    const wanted = Array.from({ length: count }, () => ({ id: crypto.randomUUID(), metadata, ...staffExamples.RoleAppointed }))
    const { events } = await codec.encode(wanted)
    await store.append(`organisation-${id}`, from === 0 ? 'no_stream' : BigInt(from - 1), events)
  }
  for (const [id, count] of Object.entries(lengths)) await add(id, 0, count)
  const folds = new StreamFolds(store, codec, room)
  const load = async (...ids: readonly string[]) => {
    store.fromTheStart.length = 0
    for (const id of ids) await folds.load(organisation, id)
    return store.fromTheStart.map(stream => stream.replace('organisation-', ''))
  }
  return { load, add, folds, store }
}

test('a stream that was loaded is not read from the start again, and what is new on it is', async () => {
  const { load, add, folds } = await streamsOf({ a: 2 }, { streams: 10, events: 100 })
  expect(await load('a', 'a')).toEqual(['a'])
  await add('a', 2, 1)
  expect(await load('a')).toEqual([])
  expect((await folds.load(organisation, 'a')).revision).toBe(2n)
})
test('what goes on behind what was read before is refused: readers of the log see it elsewhere', async () => {
  const { add, folds, store } = await streamsOf({ a: 2 }, { streams: 10, events: 100 })
  await folds.load(organisation, 'a')
  await add('a', 2, 1)
  store.moved = 1n
  for (let n = 0; n < 2; n++)
    await expect(folds.load(organisation, 'a')).rejects.toMatchObject({ constructor: StreamDamaged, how: 'out of place' })
  store.moved = undefined
  expect((await folds.load(organisation, 'a')).revision).toBe(2n)
})
test('no more streams are remembered than there is room for: the one asked for longest ago goes', async () => {
  const { load } = await streamsOf({ a: 1, b: 1, c: 1 }, { streams: 2, events: 100 })
  expect(await load('a', 'b', 'a', 'c')).toEqual(['a', 'b', 'c'])
  expect(await load('a', 'c')).toEqual([])
  expect(await load('b')).toEqual(['b'])
})
test('nor more events: long streams make room for fewer', async () => {
  const { load } = await streamsOf({ a: 4, b: 4, c: 4 }, { streams: 10, events: 10 })
  expect(await load('a', 'b', 'a', 'b')).toEqual(['a', 'b'])
  await load('c')
  expect(await load('b', 'c')).toEqual([])
  expect(await load('a')).toEqual(['a'])
})
test('a stream counts for what was added to it, too', async () => {
  const { load, add } = await streamsOf({ a: 4, b: 4, c: 4 }, { streams: 10, events: 12 })
  await load('a', 'b', 'c')
  expect(await load('a', 'b', 'c')).toEqual([])
  await add('b', 4, 2)
  await load('b')
  expect(await load('c', 'b')).toEqual([])
  expect(await load('a')).toEqual(['a'])
})
test('a stream that is larger than the whole room is remembered all the same, beside small ones', async () => {
  const { load } = await streamsOf({ long: 40, a: 1, b: 1 }, { streams: 10, events: 10 })
  expect(await load('long', 'a', 'b', 'long', 'a', 'b')).toEqual(['long', 'a', 'b'])
})
