import type { JsonObject } from '#kernel/json'
import type { Clock } from '#kernel/clock'
import { encodeAppend } from '../appendable.js'
import {
  type Appended,
  type CaughtUp,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  type RecordedEvent,
  type Since,
  type StreamPlace,
  WrongExpectedRevision,
} from '../event-store.js'
import { allOurs } from '../whole-log.js'

/** For specs and simulations. Keeps canonical text, as the others do, so that nothing passes here that would fail there. */
export class InMemoryEventStore implements EventStore {
  readonly whole = allOurs(this)
  readonly #log: RecordedEvent[] = []
  readonly #streams = new Map<string, RecordedEvent[]>()
  #waiting: (() => void)[] = []

  constructor(private readonly clock: Clock) {}

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    await Promise.resolve()
    const encoded = encodeAppend(stream, events)
    const past = this.#streams.get(stream) ?? []
    const at = expected === 'no_stream' ? 0 : Number(expected) + 1
    if (past.length !== at) {
      const stored = past.slice(at, at + encoded.length)
      const last = stored.at(-1)
      if (last && stored.length === encoded.length && stored.every((event, n) => event.id === encoded[n]?.id))
        return { revision: last.revision, position: last.position }
      throw new WrongExpectedRevision(stream, expected, past.at(-1)?.revision ?? 'no_stream')
    }
    const recordedAt = this.clock.now()
    const recorded = encoded.map(({ id, type, data, metadata }, n): RecordedEvent => ({
      id,
      type,
      data: JSON.parse(data) as JsonObject,
      metadata: JSON.parse(metadata) as JsonObject,
      stream,
      revision: BigInt(at + n),
      position: BigInt(this.#log.length + n + 1),
      recordedAt,
    }))
    this.#log.push(...recorded)
    this.#streams.set(stream, [...past, ...recorded])
    for (const wake of this.#waiting.splice(0)) wake()
    const last = recorded.at(-1) as RecordedEvent
    return { revision: last.revision, position: last.position }
  }

  async *readStream(stream: string, { from = 0n, limit = Infinity }: { from?: bigint; limit?: number } = {}) {
    await Promise.resolve()
    for (const event of (this.#streams.get(stream) ?? []).slice(Number(from)).slice(0, limit)) yield event
  }

  async since(places: readonly StreamPlace[]): Promise<readonly Since[]> {
    await Promise.resolve()
    return places.map(({ stream, revision, eventId }) => {
      const [known, ...events] = (this.#streams.get(stream) ?? []).slice(Number(revision))
      return { holds: known?.id === eventId, events, more: false }
    })
  }

  async lastOf(stream: string) {
    await Promise.resolve()
    return this.#streams.get(stream)?.at(-1)
  }

  async *readAll({ after = 0n, limit = Infinity }: { after?: bigint; limit?: number } = {}) {
    await Promise.resolve()
    for (const event of this.#log.slice(Number(after)).slice(0, limit)) yield event
  }

  async at(position: bigint) {
    await Promise.resolve()
    return this.#log[Number(position) - 1]
  }

  async head() {
    await Promise.resolve()
    return this.#log.at(-1)?.position
  }

  async *subscribe({ after = 0n, signal }: { after?: bigint; signal: AbortSignal }): AsyncIterable<RecordedEvent | CaughtUp> {
    let next = Number(after)
    let told = false
    while (!signal.aborted) {
      const event = this.#log[next]
      if (event) {
        next++
        told = false
        yield event
      } else if (!told) {
        told = true
        yield { caughtUp: true }
      } else await this.#moreOr(signal)
    }
  }

  async close() {
    await Promise.resolve()
  }

  #moreOr(signal: AbortSignal) {
    return new Promise<void>(resolve => {
      const done = () => {
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done)
      this.#waiting.push(done)
    })
  }
}
