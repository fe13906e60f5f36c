import type { EventCodec, EventToStore, StorableEvent } from '#event-codec/codec'
import { appendForSure } from '#event-store/append-for-sure'
import { type EventStore, type ExpectedRevision, WrongExpectedRevision } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import { newId } from './ids.js'

type Waiting = { readonly events: readonly StorableEvent[]; readonly done: (position: bigint) => void; readonly failed: (error: unknown) => void }

/**
 * A stream of one writing process and day (`access-…`, `refusal-…`): high volume, no contention. What is waiting goes in one append, at a revision that
 * this writer keeps track of.
 */
export class DailyStream {
  readonly #writer = newId().slice(0, 8)
  #stream = ''
  #revision: ExpectedRevision = 'no_stream'
  #waiting: Waiting[] = []
  #writing = false

  constructor(private readonly store: EventStore, private readonly codec: EventCodec, private readonly clock: Clock, private readonly category: 'access' | 'refusal') {}

  /** Answers the position once the events are stored. @throws StoreUnavailable: then nothing may be opened. */
  async append(events: readonly EventToStore[]): Promise<bigint> {
    const { events: encoded } = await this.codec.encode(events)
    return new Promise((done, failed) => {
      this.#waiting.push({ events: encoded, done, failed })
      if (!this.#writing) void this.#write()
    })
  }

  async #write() {
    this.#writing = true
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, 100)
      try {
        const position = await this.#appendGroup(group.flatMap(({ events }) => events))
        for (const { done } of group) done(position)
      } catch (error) {
        // The tracked revision may be wrong now: begin a stream of one's own again.
        this.#stream = ''
        for (const { failed } of group) failed(error)
      }
    }
    this.#writing = false
  }

  async #appendGroup(events: readonly StorableEvent[]): Promise<bigint> {
    const stream = `${this.category}-${this.#writer}-${this.clock.now().slice(0, 10).replaceAll('-', '')}`
    if (stream !== this.#stream) {
      this.#revision = (await this.store.lastOf(stream))?.revision ?? 'no_stream'
      this.#stream = stream
    }
    try { return await this.#appendAt(stream, events) } catch (error) {
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
