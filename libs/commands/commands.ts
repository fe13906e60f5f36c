import type { Decided } from '#decider/command'
import type { Aggregate, Typed } from '#decider/decider'
import type { DecodedEvent, EventCodec, EventToStore, UsedKey } from '#event-codec/codec'
import type { EventMetadata } from '#event-codec/metadata'
import { announcementOf, announcesKey } from '#event-kit/key-subjects'
import { type Pause, appendForSure, realPause } from '#event-store/append-for-sure'
import { type EventStore, type ExpectedRevision, type NewEvent, WrongExpectedRevision } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import type { Result } from '#kernel/result'
import { SubjectErased } from '#subject-keys/subject-keys'
import type { Loaded, StreamFolds } from './folds.js'
import { eventIdOf } from './ids.js'
import { Turns } from './turns.js'

/** Who commands what and why: becomes the metadata of every event of the command. */
export type CommandFacts = Omit<EventMetadata, 'occurredAt'> & { readonly occurredAt?: string | undefined }
export type Order<S, E extends Typed, R> = {
  readonly aggregate: Aggregate<S, E>
  readonly id: string
  readonly facts: CommandFacts
  /** The stream as this command has read it already. */
  readonly loaded?: Loaded<S> | undefined
  /** The caller's If-Match: any other revision is a conflict. */
  readonly ifMatch?: bigint | undefined
  /**
   * Whether it takes its turn behind what others command of the stream; unless told, yes. No for the machine's own steps: somebody who
   * has the turn may be waiting for one of them, as for the gate of a vault that was restored.
   */
  readonly takesTurns?: boolean
  readonly decide: (state: S) => Result<readonly Decided<E>[], R> | Promise<Result<readonly Decided<E>[], R>>
}
export type Outcome<E extends Typed, R> =
  | {
      readonly kind: 'accepted'
      readonly events: readonly DecodedEvent<E>[]
      readonly revision: ExpectedRevision
      readonly position: bigint | undefined
    }
  | { readonly kind: 'refused'; readonly refusal: R }
  | { readonly kind: 'conflict'; readonly revision: ExpectedRevision }

/** How long a command is decided again for, in milliseconds: less than its caller waits. */
const patience = 10_000
/** A scope that stays closed to sealing is closed, whatever the log says so far. */
const attemptsToSeal = 4
/** Others write to the stream from another process: the longer, the more of them there are. */
const pauseOf = (attempt: number) => (attempt < 2 ? 0 : Math.random() * Math.min(200, 5 * 2 ** attempt))

/**
 * The one way in which anything is written: load, decide, seal, append at the revision that was read. Commands on one stream take turns
 * within the process; where another process was faster it is decided again, for as long as there is time.
 */
export class Commands {
  readonly #turns = new Turns()

  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly folds: StreamFolds,
    private readonly clock: Clock,
    private readonly pause: Pause = realPause,
    private readonly ms = patience,
  ) {}

  /**
   * Exactly once: a command whose id the stream already holds answers with the events it had then. A conflict is an If-Match that does
   * not match, or others who were faster for as long as there was time. @throws StoreUnavailable, KeyStoreUnavailable, StreamBusy:
   * nothing is half-done, and the same command may be sent again.
   */
  execute<S, E extends Typed, R>(order: Order<S, E, R>): Promise<Outcome<E, R>> {
    const until = performance.now() + this.ms
    const { loaded, ifMatch } = order
    // To wait for a turn with a revision that is old already leads to nothing.
    const isHopeless = loaded && ifMatch !== undefined && loaded.revision !== ifMatch
    if (order.takesTurns === false || isHopeless) return this.#decided(order, loaded, until)
    return this.#turns.take(streamOf(order), this.ms, waited => this.#decided(order, waited ? undefined : loaded, until))
  }

  async #decided<S, E extends Typed, R>(order: Order<S, E, R>, known: Loaded<S> | undefined, until: number): Promise<Outcome<E, R>> {
    const { aggregate, id, facts, ifMatch } = order
    let loaded = known ?? (await this.folds.load(aggregate, id))
    let closed = 0
    for (let attempt = 1; ; attempt++) {
      const before = loaded.commands.get(facts.commandId)
      if (before) return this.#repeated<S, E, R>(order, loaded, before)
      if (ifMatch !== undefined && loaded.revision !== ifMatch) return { kind: 'conflict', revision: loaded.revision }
      const decision = await order.decide(loaded.state)
      if (!decision.ok) return { kind: 'refused', refusal: decision.refusal }
      if (decision.value.length === 0) return { kind: 'accepted', events: [], revision: loaded.revision, position: loaded.position }
      try {
        return await this.#append<S, E>(order, loaded, decision.value)
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision) && !(error instanceof SubjectErased)) throw error
        if (error instanceof SubjectErased && ++closed === attemptsToSeal) throw error
        const ms = pauseOf(attempt)
        if (error instanceof WrongExpectedRevision && performance.now() + ms > until) return { kind: 'conflict', revision: error.actual }
        if (ms > 0) await this.pause(ms)
        loaded = await this.folds.load(aggregate, id)
      }
    }
  }

  async #repeated<S, E extends Typed, R>(
    { aggregate, id }: Order<S, E, R>,
    loaded: Loaded<S>,
    range: { readonly from: bigint; readonly to: bigint },
  ): Promise<Outcome<E, R>> {
    const events = await this.folds.eventsOf(aggregate.category, id, range)
    return {
      kind: 'accepted',
      events: withoutKeys<E>(events),
      revision: range.to,
      position: events.at(-1)?.meta.position ?? loaded.position,
    }
  }

  async #append<S, E extends Typed>(order: Order<S, E, unknown>, loaded: Loaded<S>, decided: readonly Decided<E>[]) {
    const { facts } = order
    const stream = streamOf(order)
    const metadata: EventMetadata = { ...facts, occurredAt: facts.occurredAt ?? this.clock.now() }
    const metadataOf = metadataOnce(metadata, event => this.codec.happenedAt(event, metadata.occurredAt))
    const toStore = decided.map((event, n): EventToStore => ({
      id: eventIdOf(stream, facts.commandId, String(n)),
      type: event.type,
      data: event.data as object,
      metadata: metadataOf(event),
    }))
    const { events, keys } = await this.codec.encode(toStore)
    // From the fence on every fold refuses to seal there, also while the vault has not heard of it yet.
    for (const { home, scope, kid } of keys)
      if (home === stream && (loaded.closed.has(scope) || loaded.ended.has(kid))) throw new SubjectErased(scope)
    const announcements = await this.#announcements(stream, keys, loaded, metadata)
    const all = [...announcements, ...events]
    const appended = await appendForSure(this.store, stream, loaded.revision, all, this.pause)
    const first = appended.revision - BigInt(all.length) + 1n
    // Only the last event's position is known; nothing else is read from these copies, and seldom their data.
    const { revision, position } = appended
    const stored = all.map((event, n) =>
      this.codec.decodeLater(
        { ...event, stream, revision: first + BigInt(n), position, recordedAt: metadata.occurredAt },
        toStore[n - announcements.length]?.metadata ?? metadata,
      ),
    )
    return { kind: 'accepted', events: withoutKeys<E>(stored), revision, position } as const
  }

  /** A key is announced on its subject's own stream, in the append that first uses it. */
  async #announcements(
    stream: string,
    keys: readonly UsedKey[],
    loaded: Loaded<unknown>,
    metadata: EventMetadata,
  ): Promise<readonly NewEvent[]> {
    const fresh = keys.filter(({ kid }) => !loaded.announced.has(kid))
    for (const { home } of fresh) if (home !== stream) throw new Error(`A key of ${home} was used on ${stream} before it was announced`)
    if (fresh.length === 0) return []
    const { events } = await this.codec.encode(
      fresh.map(key => ({
        id: eventIdOf(stream, metadata.commandId, `key:${key.kid}`),
        metadata,
        ...announcementOf(key.kind, key, key.home),
      })),
    )
    return events
  }
}

const streamOf = ({ aggregate, id }: { readonly aggregate: { readonly category: string }; readonly id: string }) =>
  `${aggregate.category}-${id}`

/**
 * Metadata for each event: when it happened, and what it rests on where that is not what the command does. Events that agree in both
 * share one.
 */
function metadataOnce(metadata: EventMetadata, happenedAt: (event: Typed) => string) {
  let last = metadata
  return (event: Decided<Typed>): EventMetadata => {
    const { purpose = metadata.purpose, basis = metadata.lawfulBasis } = event
    const occurredAt = happenedAt(event)
    if (last.purpose !== purpose || last.lawfulBasis !== basis || last.occurredAt !== occurredAt)
      last = { ...metadata, purpose, lawfulBasis: basis, occurredAt }
    return last
  }
}

/** Key announcements belong to the machinery: an answer names what was decided. */
const withoutKeys = <E extends Typed>(events: readonly DecodedEvent[]): readonly DecodedEvent<E>[] =>
  events.filter(({ type }) => !announcesKey(type)) as unknown as readonly DecodedEvent<E>[]
