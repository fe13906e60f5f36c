import type { Decided } from '#decider/command'
import type { Aggregate, Typed } from '#decider/decider'
import type { DecodedEvent, EventCodec, EventToStore, UsedKey } from '#event-codec/codec'
import type { EventMetadata } from '#event-codec/metadata'
import { announcementOf, announcesKey, homeStream } from '#event-kit/key-subjects'
import { type Pause, appendForSure } from '#event-store/append-for-sure'
import { type EventStore, type ExpectedRevision, type NewEvent, WrongExpectedRevision } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import type { Result } from '#kernel/result'
import { SubjectErased } from '#subject-keys/subject-keys'
import type { Loaded, StreamFolds } from './folds.js'
import { eventIdOf } from './ids.js'

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

const attempts = 4

/**
 * The one way in which anything is written: load, decide, seal, append at the revision that was read; decide again on a conflict, three
 * times.
 */
export class Commands {
  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly folds: StreamFolds,
    private readonly clock: Clock,
    private readonly pause?: Pause,
  ) {}

  /**
   * Exactly once: a command whose id the stream already holds answers with the events it had then. @throws StoreUnavailable,
   * KeyStoreUnavailable: nothing is half-done, and the same command may be sent again.
   */
  async execute<S, E extends Typed, R>(order: Order<S, E, R>): Promise<Outcome<E, R>> {
    const { aggregate, id, facts, ifMatch } = order
    let loaded = order.loaded ?? (await this.folds.load(aggregate, id))
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
        if (attempt === attempts) {
          if (error instanceof SubjectErased) throw error
          return { kind: 'conflict', revision: error.actual }
        }
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

  async #append<S, E extends Typed>({ aggregate, id, facts }: Order<S, E, unknown>, loaded: Loaded<S>, decided: readonly Decided<E>[]) {
    const stream = `${aggregate.category}-${id}`
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
    for (const { kind, subject, scope, kid } of keys)
      if (homeStream(kind, subject) === stream && (loaded.closed.has(scope) || loaded.ended.has(kid))) throw new SubjectErased(scope)
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
    for (const { kind, subject } of fresh) {
      if (homeStream(kind, subject) !== stream)
        throw new Error(`A key of ${homeStream(kind, subject)} was used on ${stream} before it was announced`)
    }
    if (fresh.length === 0) return []
    const { events } = await this.codec.encode(
      fresh.map(key => ({ id: eventIdOf(stream, metadata.commandId, `key:${key.kid}`), metadata, ...announcementOf(key.kind, key) })),
    )
    return events
  }
}

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
