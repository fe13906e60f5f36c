import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { canonicalJson } from '#event-kit/canonical'
import {
  AppendOutcomeUnknown,
  AppendRefused,
  type CaughtUp,
  type EventStore,
  EventStoreRewound,
  type LoggedEvent,
  type NewEvent,
  type RecordedEvent,
  StoreUnavailable,
  WrongExpectedRevision,
} from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'
import type { JsonObject } from '#kernel/json'
import type { FaultProxy } from '../support/fault-proxy.js'
import { jsonOf } from '../support/payload.js'

export type StoreUnderTest = {
  readonly open: () => Promise<EventStore>
  /** The same data, opened as another process would after a restart. Absent where a store forgets. */
  readonly reopen?: () => Promise<EventStore>
  /** The same data, opened beside it in the same process, with a third of its patience. */
  readonly hasty?: () => Promise<EventStore>
  /** What stands between the store and its server. Absent where there is no server. */
  readonly faults?: () => FaultProxy
  /** Holds an append open in the middle, as a stalled process does; the answer lets it go on. */
  readonly stall?: (stream: string, event: NewEvent) => Promise<() => Promise<void>>
}

const event = (data: JsonObject = { n: 1 }): NewEvent => ({
  id: randomUUID(),
  type: 'SomethingHappened',
  data,
  metadata: { by: 'contract' },
})
const stream = () => `contract-${randomUUID()}`
const all = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
const isEvent = (item: RecordedEvent | CaughtUp): item is RecordedEvent => !('caughtUp' in item)

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

    /** Takes `count` events of these streams from a subscription, then cancels it. */
    async function take(count: number, of: ReadonlySet<string>, after?: bigint): Promise<readonly RecordedEvent[]> {
      const stop = new AbortController()
      const found: RecordedEvent[] = []
      for await (const item of store.subscribe({ ...(after === undefined ? {} : { after }), signal: stop.signal })) {
        if (isEvent(item) && of.has(item.stream)) found.push(item)
        if (found.length === count) stop.abort()
      }
      return found
    }
    const head = async () => (await store.head()) ?? 0n

    test('what was appended is read back equal, in order, with dense revisions', async () => {
      const name = stream()
      const events = [event({ text: 'ünïcode \u{1F600} " \\ \n', list: [1, 2.5, null, true], nested: { a: {} } }), event(), event()]
      const appended = await store.append(name, 'no_stream', events)
      const read = await all(store.readStream(name))
      expect(read.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))).toEqual(events)
      expect(read.map(({ revision }) => revision)).toEqual([0n, 1n, 2n])
      expect(read.at(-1)?.position).toBe(appended.position)
      expect(appended.revision).toBe(2n)
      expect(read[0]?.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    })
    test('the whole log tells of the same events in the same order, knows each by its position, and goes on with what is new', async () => {
      const name = stream()
      const after = await head()
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
      const before = await head()
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
      const before = await head()
      await Promise.all(names.map(name => store.append(name, 'no_stream', [event(), event()])))
      const taking = take(8 * 52, new Set(names), before)
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
      const after = await head()
      for await (const item of store.subscribe({ after, signal: stop.signal })) {
        said.push(isEvent(item) ? 'event' : 'caught up')
        if (said.length === 1) await store.append(name, 'no_stream', [event()])
        if (said.length === 3) stop.abort()
      }
      expect(said).toEqual(['caught up', 'event', 'caught up'])
    })
    test('a slow consumer loses nothing', async () => {
      const name = stream()
      const after = await head()
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
      const items = store.subscribe({ after: await head(), signal: stop.signal })[Symbol.asyncIterator]()
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
      for await (const item of store.subscribe({ after: await head(), signal: stop.signal })) {
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

    const { reopen, hasty, faults, stall } = under
    if (reopen) {
      test('a repeat after a restart is a success that answers as the first time did', async () => {
        const name = stream()
        const events = [event(), event()]
        const appended = await store.append(name, 'no_stream', events)
        const other = await reopen()
        try {
          expect(await other.append(name, 'no_stream', events)).toEqual(appended)
        } finally {
          await other.close()
        }
      })
    }
    if (faults) {
      test('a killed connection: the subscription goes on without loss or repeat, and appends work again', async () => {
        const name = stream()
        const taking = take(20, new Set([name]), await head())
        for (let n = 0; n < 10; n++) await store.append(name, n === 0 ? 'no_stream' : BigInt(n - 1), [event()])
        faults().cut()
        for (let n = 10; n < 20; n++) await appendForSure(name, BigInt(n - 1), [event()])
        expect((await taking).map(({ revision }) => Number(revision))).toEqual(Array.from({ length: 20 }, (_, n) => n))
      })
      test('a server that goes away: reads and appends say so. It returns: everything goes on', async () => {
        const name = stream()
        const taking = take(3, new Set([name]), await head())
        await store.append(name, 'no_stream', [event()])
        const back = await faults().away()
        const second = [event()]
        await expect(store.append(name, 0n, second)).rejects.toBeInstanceOf(StoreUnavailable)
        await expect(all(store.readStream(name))).rejects.toBeInstanceOf(StoreUnavailable)
        await expect(store.head()).rejects.toBeInstanceOf(StoreUnavailable)
        await expect(store.at(1n)).rejects.toBeInstanceOf(StoreUnavailable)
        await back()
        await appendForSure(name, 0n, second)
        await appendForSure(name, 1n, [event()])
        expect((await taking).map(({ revision }) => Number(revision))).toEqual([0, 1, 2])
      })
      test('a server that freezes: an append has an unknown outcome, and its repeat is stored once', async () => {
        const name = stream()
        const taking = take(2, new Set([name]), await head())
        await store.append(name, 'no_stream', [event()])
        const thaw = faults().freeze()
        const second = [event()]
        await expect(store.append(name, 0n, second)).rejects.toBeInstanceOf(AppendOutcomeUnknown)
        await expect(all(store.readStream(name))).rejects.toBeInstanceOf(StoreUnavailable)
        thaw()
        await appendForSure(name, 0n, second)
        expect((await taking).map(({ id }) => id)[1]).toBe(second[0]!.id)
        expect(await all(store.readStream(name))).toHaveLength(2)
      })
      test('an append whose answer is lost was stored; its repeat answers as if it had not been lost', async () => {
        const name = stream()
        await store.append(name, 'no_stream', [event()])
        const restore = faults().loseAnswers()
        const second = [event(), event()]
        const outcomes = await Promise.allSettled([
          store.append(name, 0n, second),
          ...Array.from({ length: 8 }, () => store.append(stream(), 'no_stream', [event()])),
        ])
        for (const outcome of outcomes)
          expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(AppendOutcomeUnknown) as unknown })
        restore()
        const { revision, position } = await appendForSure(name, 0n, second)
        const read = await all(store.readStream(name))
        expect([read.length, revision, position]).toEqual([3, 2n, read[2]!.position])
      })
    }
    if (hasty && faults) {
      /** Everything that can be asked of a store, about a stream. */
      const reads: Readonly<
        Record<
          string,
          (of: EventStore, about: { readonly name: string; readonly first: RecordedEvent; readonly after: bigint }) => Promise<unknown>
        >
      > = {
        readStream: (of, { name }) => all(of.readStream(name)),
        'readStream from a revision': (of, { name }) => all(of.readStream(name, { from: 1n, limit: 2 })),
        lastOf: (of, { name }) => of.lastOf(name),
        since: (of, { name, first }) => of.since([{ stream: name, revision: 0n, eventId: first.id }]),
        readAll: (of, { after }) => all(of.readAll({ after })),
        at: (of, { first }) => of.at(first.position),
        head: of => of.head(),
        'whole.at': (of, { first }) => of.whole.at(first.position),
        'whole.head': of => of.whole.head(),
        'whole.damageTo': (of, { name }) => of.whole.damageTo(name),
      }
      const outcomeOf = (asked: Promise<unknown>) =>
        asked.then(
          value => ({ value }),
          (error: unknown) => ({ error }),
        )
      /** The whole truth, or that the store does not answer. */
      const isTrue = (outcome: { readonly value: unknown } | { readonly error: unknown }, truth: unknown) => {
        if ('error' in outcome) expect(outcome.error).toBeInstanceOf(StoreUnavailable)
        // Ten thousand letters a piece are too many to be shown.
        else expect(isDeepStrictEqual(outcome.value, truth)).toBe(true)
      }
      const written = async (events: readonly NewEvent[]) => {
        const [name, after] = [stream(), await head()]
        await store.append(name, 'no_stream', events)
        return { name, after, first: (await all(store.readStream(name, { limit: 1 })))[0]! }
      }

      test.each(Object.keys(reads))(
        'a server stalls, and somebody beside gives up on it first: %s is the truth, or the store does not answer',
        async kind => {
          const read = reads[kind]!
          const about = await written([event(), event(), event()])
          const truth = await read(store, about)
          const other = await hasty()
          const thaw = faults().freeze()
          try {
            const asked = outcomeOf(read(store, about))
            await expect(other.lastOf(about.name)).rejects.toBeInstanceOf(StoreUnavailable)
            isTrue(await asked, truth)
          } finally {
            thaw()
          }
          await enough(async () => {
            isTrue({ value: await read(store, about) }, truth)
            return true
          })
          await other.close()
        },
      )
      test.each(['readStream', 'since', 'readAll'])(
        'a server stalls in the middle of its answer to %s: nobody takes half of it for all',
        async kind => {
          const read = reads[kind]!
          const about = await written(Array.from({ length: 60 }, () => event({ text: 'x'.repeat(10_000) })))
          const truth = await read(store, about)
          const other = await hasty()
          const { frozen, thaw } = faults().freezeAfter(100_000)
          try {
            const asked = outcomeOf(read(store, about))
            await frozen
            await expect(other.lastOf(about.name)).rejects.toBeInstanceOf(StoreUnavailable)
            const outcome = await asked
            expect('error' in outcome && outcome.error).toBeInstanceOf(StoreUnavailable)
          } finally {
            thaw()
          }
          await enough(async () => {
            isTrue({ value: await read(store, about) }, truth)
            return true
          })
          await other.close()
        },
      )
      test('a store that stalls is not taken for one that was rewound', async () => {
        const { first } = await written([event(), event(), event()])
        const other = await hasty()
        const thaw = faults().freeze()
        try {
          const asked = assertNotRewound(store, { position: first.position, eventId: first.id }, 'a reader', 0)
          await expect(other.head()).rejects.toBeInstanceOf(StoreUnavailable)
          await expect(asked).rejects.toBeInstanceOf(StoreUnavailable)
        } finally {
          thaw()
        }
        await enough(async () => {
          await assertNotRewound(store, { position: first.position, eventId: first.id }, 'a reader', 0)
          return true
        })
        await other.close()
      })
    }
    if (stall) {
      test('a stalled append neither reorders nor hides others', async () => {
        const [slow, fast] = [stream(), stream()]
        const before = await head()
        const letGo = await stall(slow, event())
        const appending = store.append(fast, 'no_stream', [event()])
        await letGo()
        await appending
        const seen = await take(2, new Set([slow, fast]), before)
        expect(seen.map(({ stream: of }) => of)).toEqual([slow, fast])
      })
    }

    /** A server that has just come back may still be away for a moment. */
    async function enough(reached: () => Promise<boolean>) {
      for (const deadline = Date.now() + 30_000; ;) {
        try {
          if (await reached()) return
        } catch (error) {
          if (!(error instanceof StoreUnavailable) || Date.now() > deadline) throw error
        }
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }
    /** The caller's duty after an unknown outcome: the same events at the same revision, until there is an answer. */
    async function appendForSure(name: string, expected: bigint, events: readonly NewEvent[]) {
      for (const deadline = Date.now() + 30_000; ;) {
        try {
          return await store.append(name, expected, events)
        } catch (error) {
          if (!(error instanceof StoreUnavailable) || Date.now() > deadline) throw error
          await new Promise(resolve => setTimeout(resolve, 50))
        }
      }
    }
  })
}
