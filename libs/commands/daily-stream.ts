import type { EventCodec, EventToStore, StorableEvent } from '#event-codec/codec'
import { appendForSure } from '#event-store/append-for-sure'
import { type EventStore, type ExpectedRevision, WrongExpectedRevision } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import { Batched } from '#kernel/batched'
import { newId } from './ids.js'

/**
 * A stream of one writing process and day (`access-…`, `refusal-…`, `hub-…`): high volume, no contention. What is waiting goes in one
 * append, at a revision that this writer keeps track of.
 */
export class DailyStream {
  readonly #writer
  #stream = ''
  #revision: ExpectedRevision = 'no_stream'
  readonly #together = new Batched<readonly StorableEvent[], bigint>(group => this.#write(group), 100)

  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly clock: Clock,
    private readonly category: 'access' | 'refusal' | 'hub',
  ) {
    // The ledger shows a digest of the name of what is kept apart: nobody is to find the name by trying.
    this.#writer = category === 'hub' ? newId().replaceAll('-', '') : newId().slice(0, 8)
  }

  /** Answers the position once the events are stored. @throws StoreUnavailable: then nothing may be opened. */
  async append(events: readonly EventToStore[]): Promise<bigint> {
    const { events: encoded } = await this.codec.encode(events)
    return this.#together.one(encoded)
  }

  async #write(group: readonly (readonly StorableEvent[])[]): Promise<readonly bigint[]> {
    try {
      const position = await this.#appendGroup(group.flat())
      return group.map(() => position)
    } catch (error) {
      // The tracked revision may be wrong now: begin a stream of one's own again.
      this.#stream = ''
      throw error
    }
  }

  async #appendGroup(events: readonly StorableEvent[]): Promise<bigint> {
    const stream = `${this.category}-${this.#writer}-${this.clock.now().slice(0, 10).replaceAll('-', '')}`
    if (stream !== this.#stream) {
      this.#revision = (await this.store.lastOf(stream))?.revision ?? 'no_stream'
      this.#stream = stream
    }
    try {
      return await this.#appendAt(stream, events)
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error
      this.#revision = error.actual
      return this.#appendAt(stream, events)
    }
  }

  async #appendAt(stream: string, events: readonly StorableEvent[]) {
    const { revision, position } = await appendForSure(this.store, stream, this.#revision, events)
    this.#revision = revision
    return position
  }
}
