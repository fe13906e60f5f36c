import { randomUUID } from 'node:crypto'
import { canonicalJson } from '#event-kit/canonical'
import {
  AppendRefused,
  type EventStore,
  EventStoreRewound,
  type LoggedEvent,
  type RecordedEvent,
  WrongExpectedRevision,
} from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'
import type { JsonObject } from '#kernel/json'
import { jsonOf } from '../support/payload.js'
import { type StoreUnderTest, all, event, headOf, isEvent, stream, take } from '../support/stores.js'
import { troubledStoreContract } from './event-store-in-trouble.contract.js'
import { stalledStoreContract } from './event-store-stalled.contract.js'

/** What every caller of the port may rely on, against any store. */
export function eventStoreContract(adapter: string, under: StoreUnderTest) {
  describe(`event-store contract [${adapter}]`, () => {
    let store: EventStore
    beforeAll(async () => {
      store = await under.open()
    })
    afterAll(async () => {
      await store.close()
    })

    test('what was appended is read back equal, in order, with dense revisions', async () => {
      const name = stream()
      const events = [event({ text: 'ünïcode \u{1F600} " \\ \n', list: [1, 2.5, null, true], nested: { a: {} } }), event(), event()]
      const appended = await store.append(name, 'no_stream', events)
      const read = await all(store.readStream(name))
      expect(read.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))).toEqual(events)
      expect(read.map(({ revision }) => revision)).toEqual([0n, 1n, 2n])
      for (const [n, { position }] of read.entries()) expect(position > (read[n - 1]?.position ?? 0n)).toBe(true)
      expect(read.at(-1)?.position).toBe(appended.position)
      expect(appended.revision).toBe(2n)
      expect(read[0]?.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    })
    test('the whole log tells of the same events in the same order, knows each by its position, and goes on with what is new', async () => {
      const name = stream()
      const after = await headOf(store)
      await store.append(name, 'no_stream', [event({ text: 'é', n: 2.5 }), event()])
      const stop = new AbortController()
      const found: LoggedEvent[] = []
      for await (const item of store.whole.follow({ after, signal: stop.signal })) {
        if ('caughtUp' in item) {
          if (found.length === 2) await store.append(name, 1n, [event()])
        } else if (item.stream === name) found.push(item)
        if (found.length === 3) stop.abort()
      }
      const read = await all(store.readStream(name))
      expect(found.map(({ data, metadata, ...one }) => ({ ...one, data: jsonOf(data), metadata: jsonOf(metadata) }))).toEqual(read)
      for (const { data, metadata } of found)
        for (const payload of [data, metadata]) if ('canonical' in payload) expect(payload.canonical).toBe(canonicalJson(jsonOf(payload)!))
      expect((await store.whole.at(found[1]!.position))?.id).toBe(found[1]!.id)
      expect(await store.whole.at(0n)).toBeUndefined()
      expect(await store.whole.head()).toBeGreaterThanOrEqual(found[2]!.position)
    })
    test('a stream that does not exist is empty', async () => {
      expect(await all(store.readStream(stream()))).toEqual([])
      expect(await store.lastOf(stream())).toBeUndefined()
    })
    test('a stream can be read from a revision, and up to a limit', async () => {
      const name = stream()
      await store.append(name, 'no_stream', [event(), event(), event(), event()])
      expect((await all(store.readStream(name, { from: 1n, limit: 2 }))).map(({ revision }) => revision)).toEqual([1n, 2n])
      expect((await store.lastOf(name))?.revision).toBe(3n)
      expect([await all(store.readStream(name, { limit: 0 })), await all(store.readAll({ limit: 0 }))]).toEqual([[], []])
    })
    test('an append at another revision than the last is refused, and says which one is', async () => {
      const name = stream()
      await store.append(name, 'no_stream', [event(), event()])
      await expect(store.append(name, 0n, [event()])).rejects.toMatchObject({ constructor: WrongExpectedRevision, actual: 1n })
      await expect(store.append(name, 5n, [event()])).rejects.toBeInstanceOf(WrongExpectedRevision)
      expect(await all(store.readStream(name))).toHaveLength(2)
    })
    test('"no stream" is refused once there is one, and a revision where there is none', async () => {
      const name = stream()
      await store.append(name, 'no_stream', [event()])
      await expect(store.append(name, 'no_stream', [event()])).rejects.toBeInstanceOf(WrongExpectedRevision)
      await expect(store.append(stream(), 0n, [event()])).rejects.toMatchObject({ constructor: WrongExpectedRevision, actual: 'no_stream' })
    })
    test('the same events at the same revision again are a success that answers as the first time did', async () => {
      const name = stream()
      const [first, second] = [[event(), event()], [event()]]
      const appended = await store.append(name, 'no_stream', first)
      await store.append(name, 1n, second)
      expect(await store.append(name, 'no_stream', first)).toEqual(appended)
      expect(await all(store.readStream(name))).toHaveLength(3)
    })
    test('a repeat of which only a part was stored is refused', async () => {
      const name = stream()
      const stored = event()
      await store.append(name, 'no_stream', [stored])
      await expect(store.append(name, 'no_stream', [stored, event()])).rejects.toBeInstanceOf(WrongExpectedRevision)
    })
    test('sixteen writers on one stream: each revision is won once', async () => {
      const name = stream()
      await store.append(name, 'no_stream', [event()])
      const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => store.append(name, 0n, [event()])))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(WrongExpectedRevision)
      expect(await all(store.readStream(name))).toHaveLength(2)
    })
    test('sixteen writers on many streams: all are stored, and positions follow each stream’s order', async () => {
      const names = Array.from({ length: 16 }, stream)
      const before = await headOf(store)
      await Promise.all(
        names.map(async name => {
          for (let n = 0; n < 25; n++)
            await store.append(name, n === 0 ? 'no_stream' : BigInt(n - 1), n % 5 === 0 ? [event({ n })] : [event({ n })])
        }),
      )
      const log = (await all(store.readAll({ after: before }))).filter(({ stream: of }) => names.includes(of))
      expect(log).toHaveLength(16 * 25)
      for (let n = 1; n < log.length; n++) expect(log[n]!.position > log[n - 1]!.position).toBe(true)
      for (const name of names)
        expect(log.filter(({ stream: of }) => of === name).map(({ revision }) => revision)).toEqual(
          Array.from({ length: 25 }, (_, n) => BigInt(n)),
        )
    })
    test('an append of several events is all or nothing, also among concurrent ones', async () => {
      const names = Array.from({ length: 8 }, stream)
      await Promise.all(names.map(name => store.append(name, 'no_stream', [event()])))
      const outcomes = await Promise.allSettled(
        names.map((name, n) => store.append(name, n % 2 === 0 ? 0n : 7n, [event(), event(), event()])),
      )
      expect(outcomes.map(({ status }) => status)).toEqual(names.map((_, n) => (n % 2 === 0 ? 'fulfilled' : 'rejected')))
      for (const [n, name] of names.entries()) expect(await all(store.readStream(name))).toHaveLength(n % 2 === 0 ? 4 : 1)
    })
    test('an event is found at its position, and only there', async () => {
      const name = stream()
      const { position } = await store.append(name, 'no_stream', [event()])
      expect((await store.at(position))?.stream).toBe(name)
      expect(await store.at(position + 1_000_000_000n)).toBeUndefined()
      for (const before of [0n, -1n]) expect([await store.at(before), await store.whole.at(before)]).toEqual([undefined, undefined])
      expect(await store.whole.outOfPlace()).toEqual([])
    })
    test.each([
      ['a type that is empty', { type: '' }],
      ['a type with a space', { type: 'Some Thing' }],
      ['an id that is no UUID', { id: 'one' }],
      ['an unsafe integer', { data: { n: 2 ** 53 } }],
      ['a number that is not finite', { data: { n: Number.NaN } }],
      ['a lone surrogate', { data: { text: '\ud800' } }],
      ['a NUL character', { data: { text: 'a\u0000b' } }],
      ['undefined', { data: { a: undefined } as unknown as JsonObject }],
      ['more than fits', { data: { text: 'x'.repeat(1_100_000) } }],
    ])('refused: %s', async (_, part) => {
      const name = stream()
      await expect(store.append(name, 'no_stream', [{ ...event(), ...part }])).rejects.toBeInstanceOf(AppendRefused)
      expect(await all(store.readStream(name))).toEqual([])
    })
    test('an append that just fits is stored whole', async () => {
      const name = stream()
      const large = event({ text: 'ü'.repeat(490_000) })
      await store.append(name, 'no_stream', [large, event()])
      const [first, second] = await all(store.readStream(name))
      expect([first?.data, second?.revision]).toEqual([large.data, 1n])
    })
    test('refused: no event at all, the same event id twice, a stream name with more than ids and words', async () => {
      const twice = event()
      await expect(store.append(stream(), 'no_stream', [])).rejects.toBeInstanceOf(AppendRefused)
      await expect(store.append(stream(), 'no_stream', [twice, twice])).rejects.toBeInstanceOf(AppendRefused)
      await expect(store.append('Person_Jo Bloggs', 'no_stream', [event()])).rejects.toBeInstanceOf(AppendRefused)
    })
    test('a subscription catches up and goes live: nothing lost, nothing repeated, while 8 writers write', async () => {
      const names = Array.from({ length: 8 }, stream)
      const before = await headOf(store)
      await Promise.all(names.map(name => store.append(name, 'no_stream', [event(), event()])))
      const taking = take(store, 8 * 52, new Set(names), before)
      await Promise.all(
        names.map(async name => {
          for (let n = 1n; n < 51n; n++) await store.append(name, n, [event()])
        }),
      )
      const seen = await taking
      expect(new Set(seen.map(({ id }) => id)).size).toBe(8 * 52)
      for (let n = 1; n < seen.length; n++) expect(seen[n]!.position > seen[n - 1]!.position).toBe(true)
      for (const name of names)
        expect(seen.filter(({ stream: of }) => of === name).map(({ revision }) => Number(revision))).toEqual(
          Array.from({ length: 52 }, (_, n) => n),
        )
    })
    test('it says that it caught up, and again after more has come', async () => {
      const stop = new AbortController()
      const said: string[] = []
      const name = stream()
      const after = await headOf(store)
      for await (const item of store.subscribe({ after, signal: stop.signal })) {
        said.push(isEvent(item) ? 'event' : 'caught up')
        if (said.length === 1) await store.append(name, 'no_stream', [event()])
        if (said.length === 3) stop.abort()
      }
      expect(said).toEqual(['caught up', 'event', 'caught up'])
    })
    test('a slow consumer loses nothing', async () => {
      const name = stream()
      const after = await headOf(store)
      for (let n = -1n; n < 599n; n += 100n)
        await store.append(
          name,
          n === -1n ? 'no_stream' : n,
          Array.from({ length: 100 }, () => event()),
        )
      const stop = new AbortController()
      let seen = 0
      for await (const item of store.subscribe({ after, signal: stop.signal })) {
        if (!isEvent(item) || item.stream !== name) continue
        if (seen % 100 === 0) await new Promise(resolve => setImmediate(resolve))
        expect(item.revision).toBe(BigInt(seen++))
        if (seen === 600) stop.abort()
      }
      expect(seen).toBe(600)
    })
    test('a subscription ends when it is cancelled, also while it waits', async () => {
      const stop = new AbortController()
      const items = store.subscribe({ after: await headOf(store), signal: stop.signal })[Symbol.asyncIterator]()
      expect(await items.next()).toEqual({ done: false, value: { caughtUp: true } })
      const waiting = items.next()
      stop.abort()
      expect((await waiting).done).toBe(true)
    })

    test('where a reader stands: the same event is there; another one, or none, is a rewound store', async () => {
      const name = stream()
      const { position } = await store.append(name, 'no_stream', [event()])
      const eventId = (await store.at(position))!.id
      await assertNotRewound(store, { position, eventId }, 'a reader')
      await expect(assertNotRewound(store, { position, eventId: randomUUID() }, 'a reader')).rejects.toBeInstanceOf(EventStoreRewound)
      await expect(assertNotRewound(store, { position: position + 1_000_000_000n, eventId }, 'a reader', 0)).rejects.toThrow(
        /EVENT_STORE_REWOUND: a reader/,
      )
    })
    test('what came after the places that a reader knows is asked together: nothing, something, or its event is not there', async () => {
      const [same, grown, other] = [stream(), stream(), stream()]
      const place = async (name: string) => {
        const last = await store.lastOf(name)
        return { stream: name, revision: last!.revision, eventId: last!.id }
      }
      for (const name of [same, grown, other]) await store.append(name, 'no_stream', [event(), event()])
      const places = [
        await place(same),
        await place(grown),
        { ...(await place(other)), eventId: randomUUID() },
        { stream: stream(), revision: 0n, eventId: randomUUID() },
        { ...(await place(same)), revision: 7n },
      ]
      const more = [event(), event()]
      await store.append(grown, 1n, more)
      const told = async (asked: typeof places) =>
        (await store.since(asked)).map(({ holds, events }) => [holds, ...events.map(({ id }) => id)])
      expect(await told(places)).toEqual([[true], [true, ...more.map(({ id }) => id)], [false], [false], [false]])
      expect((await told([{ ...places[1]!, eventId: randomUUID() }]))[0]?.[0]).toBe(false)
      expect(await store.since([])).toEqual([])
      const [
        {
          events: [first],
        },
      ] = (await store.since([places[1]!])) as unknown as [{ events: RecordedEvent[] }]
      const read: RecordedEvent[] = []
      for await (const one of store.readStream(grown, { from: 2n, limit: 1 })) read.push(one)
      expect(read).toEqual([first])
    })
    test('many ask at once, and each gets what it asked', async () => {
      const names = Array.from({ length: 12 }, () => stream())
      const places = await Promise.all(
        names.map(async name => {
          const one = event()
          await store.append(name, 'no_stream', [one, event()])
          return { stream: name, revision: 0n, eventId: one.id }
        }),
      )
      const answers = await Promise.all(places.map((place, n) => store.since([place, places[(n + 1) % places.length]!])))
      for (const answer of answers)
        expect(answer.map(({ holds, events, more }) => [holds, events.length, more])).toEqual([
          [true, 1, false],
          [true, 1, false],
        ])
      expect(answers.map(([own]) => own!.events[0]!.stream)).toEqual(names)
    })
    test('a page is not the whole of what came: the reader is told', async () => {
      const name = stream()
      const first = event()
      await store.append(name, 'no_stream', [first, ...Array.from({ length: 400 }, () => event())])
      const [{ events, more }] = (await store.since([{ stream: name, revision: 0n, eventId: first.id }])) as unknown as [
        { events: readonly unknown[]; more: boolean },
      ]
      expect([events.length === 400, more]).toEqual([!more, more])
    })
    test('a store that lags is waited for, not believed', async () => {
      const name = stream()
      const first = await store.append(name, 'no_stream', [event()])
      const { position } = await store.append(name, 0n, [event()])
      const eventId = (await store.at(position))!.id
      let asked = 0
      const lagging = {
        head: () => (asked++ < 2 ? Promise.resolve(first.position) : store.head()),
        at: (p: bigint) => (asked < 3 ? Promise.resolve(undefined) : store.at(p)),
      }
      await assertNotRewound(lagging, { position, eventId }, 'a reader')
      expect(asked).toBe(3)
    })
    test('a consumer that stalls while it is live loses nothing', async () => {
      const name = stream()
      const stop = new AbortController()
      const seen: bigint[] = []
      let written: Promise<void> | undefined
      for await (const item of store.subscribe({ after: await headOf(store), signal: stop.signal })) {
        if (isEvent(item) && item.stream === name) seen.push(item.revision)
        written ??= (async () => {
          for (let n = -1n; n < 1_999n; n += 100n)
            await store.append(
              name,
              n === -1n ? 'no_stream' : n,
              Array.from({ length: 100 }, () => event()),
            )
        })()
        if (seen.length === 1) await written
        if (seen.length === 2_000) stop.abort()
      }
      expect(seen).toEqual(Array.from({ length: 2_000 }, (_, n) => BigInt(n)))
    })
  })
  troubledStoreContract(adapter, under)
  stalledStoreContract(adapter, under)
}
