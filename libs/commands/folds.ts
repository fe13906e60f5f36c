import { LRUCache } from 'lru-cache'
import { type Aggregate, type Typed, evolveOne } from '#decider/decider'
import type { DecodedEvent, EventCodec } from '#event-codec/codec'
import type { Id } from '#kernel/id'
import { fencedBy } from '#event-kit/key-events'
import { keyAnnouncedIn } from '#event-kit/key-subjects'
import {
  EventStoreRewound,
  type EventStore,
  type ExpectedRevision,
  type RecordedEvent,
  type Since,
  StreamDamaged,
  type StreamPlace,
} from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'

/** The id in the name of a stream of this kind. @throws Error for a stream of another kind. */
export function idOn<B extends string>({ category }: { readonly category: string }, stream: string): Id<B> {
  if (!stream.startsWith(`${category}-`)) throw new Error(`${stream} is no stream of the kind ${category}`)
  return stream.slice(category.length + 1) as Id<B>
}
export type Loaded<S> = {
  readonly state: S
  readonly revision: ExpectedRevision
  /** Position and id of the stream's last event. */
  readonly position: bigint | undefined
  readonly lastEventId: string | undefined
  /** What the loader folds for every stream: the accepted commands, the keys that were announced, and the scopes that were erased. */
  readonly commands: ReadonlyMap<string, { readonly from: bigint; readonly to: bigint }>
  readonly announced: ReadonlySet<string>
  /** Scopes of the stream's own subject that a fence has closed for good: nothing is sealed there any more. */
  readonly closed: ReadonlySet<string>
  /** Scopes of which something was erased, also where they go on. */
  readonly erasedIn: ReadonlySet<string>
  /** Keys that a fence has ended: nothing is sealed under them any more. */
  readonly ended: ReadonlySet<string>
}

/* eslint-disable @typescript-eslint/no-explicit-any -- streams of several kinds in one question */
type AnyAggregate = Aggregate<any, any>
type Wanted = { readonly aggregate: AnyAggregate; readonly id: string }
type LoadedOf<W extends readonly Wanted[]> = {
  readonly [N in keyof W]: W[N] extends { readonly aggregate: Aggregate<infer S, any> } ? Loaded<S> : never
}
/* eslint-enable @typescript-eslint/no-explicit-any */
type Loading<S> = Loaded<S> & {
  readonly commands: Map<string, { readonly from: bigint; readonly to: bigint }>
  readonly announced: Set<string>
}
/** A stream of which something was read. */
type Remembered = Loading<unknown> & { readonly revision: bigint; readonly position: bigint; readonly lastEventId: string }
const hasEvents = (loaded: Loading<unknown>): loaded is Remembered => loaded.revision !== 'no_stream'
const streamOf = ({ aggregate, id }: Wanted) => `${aggregate.category}-${id}`
const nothingOf = <S>(state: S): Loading<S> => ({
  state,
  revision: 'no_stream',
  position: undefined,
  lastEventId: undefined,
  commands: new Map(),
  announced: new Set(),
  closed: new Set(),
  erasedIn: new Set(),
  ended: new Set(),
})

/**
 * How much is remembered: so many streams, and no more of them than these events were folded into. What was asked for longest ago goes
 * first.
 */
export type Room = { readonly streams: number; readonly events: number }
const room: Room = { streams: 5_000, events: 500_000 }

/**
 * Folds of streams, kept in memory with sealed values only, and brought up to date by reading what is new. Never stale: every load asks
 * the store.
 */
export class StreamFolds {
  readonly #cache: LRUCache<string, Remembered>
  #noticed = new AbortController()

  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    { streams, events }: Room = room,
  ) {
    this.#cache = new LRUCache({
      max: streams,
      maxSize: events,
      // A stream that is larger than the room is remembered all the same: forgotten, each load would read the whole of it.
      sizeCalculation: ({ revision }) => Math.max(1, Math.min(Number(revision) + 1, Math.floor(events / 2))),
    })
  }

  /**
   * Aborts, with EventStoreRewound, when the store no longer holds what was read before. Everything that this process knows may be of the
   * store that is gone.
   */
  get rewound(): AbortSignal {
    return this.#noticed.signal
  }

  /** @throws StoreUnavailable; EventStoreRewound, from then on for every stream. */
  async load<S, E extends Typed>(aggregate: Aggregate<S, E>, id: string): Promise<Loaded<S>> {
    const [loaded] = await this.loadTogether([{ aggregate, id }])
    return loaded
  }

  /** Several streams at once: what is new on those that are known is one question to the store. @throws as `load` */
  async loadTogether<const W extends readonly Wanted[]>(wanted: W): Promise<LoadedOf<W>> {
    this.rewound.throwIfAborted()
    const streams = wanted.map(streamOf)
    const known = streams.map(stream => this.#cache.get(stream))
    const places = known.flatMap((loaded, n): readonly StreamPlace[] =>
      loaded ? [{ stream: streams[n] as string, revision: loaded.revision, eventId: loaded.lastEventId }] : [],
    )
    const since = await this.store.since(places)
    const news = new Map(places.map(({ stream }, n) => [stream, since[n]]))
    return Promise.all(
      wanted.map(({ aggregate }, n) => this.#broughtUpToDate(aggregate, streams[n] as string, known[n], news.get(streams[n] as string))),
    ) as unknown as Promise<LoadedOf<W>>
  }

  async #broughtUpToDate(
    aggregate: AnyAggregate,
    stream: string,
    known: Remembered | undefined,
    since: Since | undefined,
  ): Promise<Loaded<unknown>> {
    if (known && since && !since.holds) {
      this.#cache.delete(stream)
      await this.#assertNotRewound(stream, known)
      return this.#broughtUpToDate(aggregate, stream, undefined, undefined)
    }
    let loaded: Loading<unknown> = known ?? nothingOf(aggregate.initial)
    const goOnWith = (recorded: RecordedEvent) => {
      // Within one answer the store has seen to it; here what it answered before goes on.
      if (recorded.position <= (loaded.position ?? 0n)) throw new StreamDamaged(stream, 'out of place')
      loaded = evolveLoaded(aggregate, loaded, this.codec.decode(recorded))
    }
    since?.events.forEach(goOnWith)
    if (!known || since?.more) {
      const from = loaded.revision === 'no_stream' ? 0n : loaded.revision + 1n
      for await (const recorded of this.store.readStream(stream, { from })) goOnWith(recorded)
    }
    if (hasEvents(loaded)) this.#cache.set(stream, loaded)
    return loaded
  }

  /**
   * Forgets every stream, and that the store was rewound: the next load reads from the start. For whoever has seen to it that nothing
   * else is remembered.
   */
  forget() {
    this.#cache.clear()
    this.#noticed = new AbortController()
  }

  async #assertNotRewound(stream: string, { position, lastEventId: eventId }: Remembered) {
    try {
      await assertNotRewound(this.store, { position, eventId }, stream)
    } catch (error) {
      if (error instanceof EventStoreRewound) this.#noticed.abort(error)
      throw error
    }
  }

  /** The events of one accepted command, read again: a repeat answers from what is stored. */
  async eventsOf(
    category: string,
    id: string,
    { from, to }: { readonly from: bigint; readonly to: bigint },
  ): Promise<readonly DecodedEvent[]> {
    const events: DecodedEvent[] = []
    for await (const recorded of this.store.readStream(`${category}-${id}`, { from, limit: Number(to - from) + 1 }))
      events.push(this.codec.decode(recorded))
    return events
  }
}

/**
 * Commands and announcements only grow, and are shared by everybody who holds the stream: copying them per event made a long stream
 * quadratic. Whoever still works at an older revision may see what came later; its append loses the race for the revision all the same.
 */
function evolveLoaded<S, E extends Typed>(aggregate: Aggregate<S, E>, loaded: Loading<S>, event: DecodedEvent): Loading<S> {
  const { commandId } = event.metadata
  const { revision, position, eventId } = event.meta
  const before = loaded.commands.get(commandId)
  if (before === undefined || before.to < revision) loaded.commands.set(commandId, { from: before?.from ?? revision, to: revision })
  const key = keyAnnouncedIn(event)
  if (key) loaded.announced.add(key.kid)
  const fence = fencedBy(event)
  return {
    state: evolveOne(aggregate.evolve, loaded.state, event as DecodedEvent<E>),
    revision,
    position,
    lastEventId: eventId,
    commands: loaded.commands,
    announced: loaded.announced,
    closed: fence?.forGood ? new Set([...loaded.closed, ...fence.scopes]) : loaded.closed,
    erasedIn: fence ? new Set([...loaded.erasedIn, ...fence.scopes]) : loaded.erasedIn,
    ended: fence ? new Set([...loaded.ended, ...fence.kids]) : loaded.ended,
  }
}
