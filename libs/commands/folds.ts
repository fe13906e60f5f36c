import { type Evolve, type Typed, evolveOne } from '#decider/decider'
import type { DecodedEvent, EventCodec } from '#event-codec/codec'
import { EventStoreRewound, type EventStore, type ExpectedRevision } from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'

/** A kind of stream: how its state begins and how it evolves. */
export type Aggregate<S, E extends Typed> = { readonly category: string; readonly initial: S; readonly evolve: Evolve<S, E> }
export type Loaded<S> = {
  readonly state: S
  readonly revision: ExpectedRevision
  /** Position and id of the stream's last event. */
  readonly position: bigint | undefined
  readonly lastEventId: string | undefined
  /** What the loader folds for every stream: the accepted commands, the keys that were announced, and the scopes that were erased. */
  readonly commands: ReadonlyMap<string, { readonly from: bigint; readonly to: bigint }>
  readonly announced: ReadonlySet<string>
  /** Scopes of the stream's own subject that a fence has closed: nothing is sealed there any more. */
  readonly closed: ReadonlySet<string>
}

const maxCached = 5_000

/** Folds of streams, kept in memory with sealed values only, and brought up to date by reading what is new. Never stale: every load asks the store. */
export class StreamFolds {
  readonly #cache = new Map<string, Loaded<unknown>>()
  #noticed = new AbortController()

  constructor(private readonly store: EventStore, private readonly codec: EventCodec) {}

  /** Aborts, with EventStoreRewound, when the store no longer holds what was read before. Everything that this process knows may be of the store that is gone. */
  get rewound(): AbortSignal { return this.#noticed.signal }

  /** @throws StoreUnavailable; EventStoreRewound, from then on for every stream. */
  async load<S, E extends Typed>(aggregate: Aggregate<S, E>, id: string): Promise<Loaded<S>> {
    this.rewound.throwIfAborted()
    const stream = `${aggregate.category}-${id}`
    const known = this.#cache.get(stream) as Loaded<S> | undefined
    let loaded: Loaded<S> = known ?? { state: aggregate.initial, revision: 'no_stream', position: undefined, lastEventId: undefined, commands: new Map(), announced: new Set(), closed: new Set() }
    // The last event that was read is read again: if it is not there any more, the store is not the one that was read.
    const from = loaded.revision === 'no_stream' ? 0n : loaded.revision
    let seen = loaded.revision === 'no_stream'
    for await (const recorded of this.store.readStream(stream, { from })) {
      if (!seen) {
        if (recorded.id !== loaded.lastEventId) break
        seen = true
        continue
      }
      loaded = evolveLoaded(aggregate, loaded, this.codec.decode(recorded))
    }
    if (!seen) {
      this.#cache.delete(stream)
      await this.#assertNotRewound(stream, loaded)
      return this.load(aggregate, id)
    }
    this.#remember(stream, loaded)
    return loaded
  }

  /** Forgets every stream, and that the store was rewound: the next load reads from the start. For whoever has seen to it that nothing else is remembered. */
  forget() {
    this.#cache.clear()
    this.#noticed = new AbortController()
  }

  async #assertNotRewound(stream: string, { position, lastEventId }: Loaded<unknown>) {
    try { if (position !== undefined && lastEventId !== undefined) await assertNotRewound(this.store, { position, eventId: lastEventId }, stream) } catch (error) {
      if (error instanceof EventStoreRewound) this.#noticed.abort(error)
      throw error
    }
  }

  /** The events of one accepted command, read again: a repeat answers from what is stored. */
  async eventsOf(category: string, id: string, { from, to }: { readonly from: bigint; readonly to: bigint }): Promise<readonly DecodedEvent[]> {
    const events: DecodedEvent[] = []
    for await (const recorded of this.store.readStream(`${category}-${id}`, { from, limit: Number(to - from) + 1 })) events.push(this.codec.decode(recorded))
    return events
  }

  #remember(stream: string, loaded: Loaded<unknown>) {
    this.#cache.delete(stream)
    this.#cache.set(stream, loaded)
    if (this.#cache.size > maxCached) this.#cache.delete(this.#cache.keys().next().value as string)
  }
}

export function evolveLoaded<S, E extends Typed>(aggregate: Aggregate<S, E>, loaded: Loaded<S>, event: DecodedEvent): Loaded<S> {
  const { commandId } = event.metadata
  const { revision, position, eventId } = event.meta
  const isKey = event.type === 'SubjectKeyCreated' || event.type === 'BreachKeyCreated'
  return {
    state: evolveOne(aggregate.evolve, loaded.state, event as DecodedEvent<E>),
    revision, position, lastEventId: eventId,
    commands: new Map(loaded.commands).set(commandId, { from: loaded.commands.get(commandId)?.from ?? revision, to: revision }),
    closed: event.type === 'ErasureFenced' ? new Set([...loaded.closed, ...(event.data as { scopes: readonly string[] }).scopes]) : loaded.closed,
    announced: isKey ? new Set(loaded.announced).add((event.data as { kid: string }).kid) : loaded.announced,
  }
}
