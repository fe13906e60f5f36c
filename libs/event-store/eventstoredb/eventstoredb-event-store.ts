import { type AllStreamRecordedEvent, BACKWARDS, END, FORWARDS, START } from '@eventstore/db-client'
import { AlteredStreams } from '../altered-streams.js'
import {
  type Appended,
  type CaughtUp,
  type EventStore,
  EventStoreRewound,
  type ExpectedRevision,
  type NewEvent,
  NoSuchPosition,
  type RecordedEvent,
  StoreUnavailable,
  type Since,
  type StreamPlace,
  type WholeLog,
} from '../event-store.js'
import { gapless } from '../gapless.js'
import { resting } from '../patience.js'
import { type Standing, assertNotRewound } from '../standing.js'
import { isRefusal, readFailure, spoilsClient } from './answers.js'
import { Appends } from './appends.js'
import { Connection } from './connection.js'
import { HeadSearch } from './head-search.js'
import { Namespace, type View } from './namespace.js'
import { Pages, pageSize } from './pages.js'
import { filteredRead, oneSubscription, positionOf } from './subscription.js'

/** The client keeps no deadline of its own on the way appends usually take. */
const defaultPatience = 5_000
const backOff = { shortest: 50, longest: 2_000 }

export type EventStoreDbOptions = {
  /** `esdb://…` or `esdb+discover://…` */
  readonly url: string
  readonly namespace?: string | undefined
  /** Milliseconds until an append's outcome is unknown, and a read's server unavailable. */
  readonly patience?: number | undefined
}

/**
 * The log in EventStoreDB 23.10 or 24.2, one node or a cluster. Everything is asked of the leader: a follower may lag, and what it does
 * not hold yet would look like a store that was rewound.
 */
export class EventStoreDbEventStore implements EventStore {
  readonly #connection: Connection
  readonly #namespace: Namespace
  readonly #patience: number
  readonly #pages: Pages
  readonly #search: HeadSearch
  readonly #altered = new AlteredStreams()
  readonly #appends: Appends
  /** @throws UnsafeEventStoreUrl, TypeError; no connection is made before the first call. */
  constructor({ url, namespace, patience = defaultPatience }: EventStoreDbOptions) {
    this.#namespace = new Namespace(namespace)
    this.#connection = Connection.to(url)
    this.#patience = patience
    this.#pages = new Pages(this.#connection, this.#namespace, patience)
    this.#appends = new Appends(this.#connection, this.#namespace, patience, this.#altered, this)
    this.#search = new HeadSearch(this.#pages, this.#namespace, after => this.#seek(after))
  }

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    return this.#appends.append(stream, expected, events)
  }

  async *readStream(stream: string, { from = 0n, limit = Infinity }: { from?: bigint; limit?: number } = {}) {
    this.#altered.assertNot(stream)
    for (let next = from, left = limit, behind = 0n; left > 0;) {
      const take = Math.min(left, pageSize)
      const page = await this.#pages.ofStream(stream, { fromRevision: next, maxCount: take, direction: FORWARDS })
      yield* gapless(stream, next, page, behind)
      const last = page.at(-1)
      if (!last || page.length < take) return
      next = last.revision + 1n
      behind = last.position
      left -= page.length
    }
  }

  async since(places: readonly StreamPlace[]): Promise<readonly Since[]> {
    return Promise.all(
      places.map(async ({ stream, revision, eventId }) => {
        const page: RecordedEvent[] = []
        for await (const event of this.readStream(stream, { from: revision, limit: pageSize })) page.push(event)
        const [known, ...events] = page
        return { holds: known?.id === eventId, events, more: page.length === pageSize }
      }),
    )
  }

  async lastOf(stream: string) {
    this.#altered.assertNot(stream)
    const [last] = await this.#pages.ofStream(stream, { fromRevision: END, maxCount: 1, direction: BACKWARDS })
    return last
  }

  async *readAll({ after, limit = Infinity }: { after?: bigint; limit?: number } = {}) {
    let left = limit
    if (left <= 0) return
    // One more, because the first one read is the one that was read last.
    for await (const event of this.#allAfter(after || undefined, Math.min(limit + 1, pageSize))) {
      yield event
      if (--left <= 0) return
    }
  }

  async at(position: bigint) {
    const event = await this.#eventAt(position)
    return this.#namespace.holds(event) ? this.#namespace.recorded(event) : undefined
  }

  async #eventAt(position: bigint): Promise<AllStreamRecordedEvent | undefined> {
    if (position <= 0n) return undefined
    try {
      const [event] = await this.#pages.page(client =>
        client.readAll({ fromPosition: positionOf(position), maxCount: 1, direction: FORWARDS, requiresLeader: true }),
      )
      return event?.position.commit === position ? event : undefined
    } catch (error) {
      if (error instanceof NoSuchPosition) return undefined
      throw error
    }
  }

  head() {
    return this.#search.head()
  }

  subscribe(options: { after?: bigint; signal: AbortSignal }): AsyncIterable<RecordedEvent | CaughtUp> {
    return this.#follow(this.#namespace, this, options)
  }

  readonly whole: WholeLog = {
    follow: options => this.#follow(this.#namespace.whole, this.whole, options),
    at: async position => {
      const event = await this.#eventAt(position)
      return this.#namespace.whole.holds(event) ? { id: event.id } : undefined
    },
    head: async () => {
      const [last] = await this.#pages.page(client =>
        client.readAll({ fromPosition: END, maxCount: 1, direction: BACKWARDS, requiresLeader: true }),
      )
      return last?.position.commit
    },
    // The server gives the positions, and a reader begins at the first.
    outOfPlace: () => Promise.resolve([]),
    damageTo: stream => this.#pages.damageTo(stream),
  }

  /**
   * @throws EventStoreRewound when the server, after a lost connection, no longer holds what was delivered last; StoreUnavailable when it
   * refuses the credentials.
   */
  async *#follow<T extends { readonly id: string; readonly position: bigint }>(
    view: View<T>,
    log: Pick<WholeLog, 'at' | 'head'>,
    { after, signal }: { readonly after?: bigint; readonly signal: AbortSignal },
  ): AsyncIterable<T | CaughtUp> {
    let from = after || undefined
    let delivered: Standing | undefined
    for (let pause = backOff.shortest; !signal.aborted; pause = Math.min(pause * 2, backOff.longest)) {
      try {
        if (delivered) await assertNotRewound(log, delivered, 'a subscription')
        for await (const item of oneSubscription(this.#connection.client, view, from, signal)) {
          pause = backOff.shortest
          if (!('caughtUp' in item)) {
            from = item.position
            delivered = { position: item.position, eventId: item.id }
          }
          yield item
        }
      } catch (error) {
        if (error instanceof EventStoreRewound) throw error
        // Waiting does not mend this: somebody has to be told.
        if (isRefusal(error)) throw error instanceof StoreUnavailable ? error : readFailure(error)
      }
      await resting(pause, signal)
    }
  }

  async close() {
    await this.#connection.close()
  }

  /** A page as it is; where that is not all, the server seeks out what is ours. */
  async *#allAfter(from: bigint | undefined, take: number): AsyncGenerator<RecordedEvent> {
    const page = await this.#pages.page(client =>
      client.readAll({
        fromPosition: from === undefined ? START : positionOf(from),
        maxCount: take,
        direction: FORWARDS,
        requiresLeader: true,
      }),
    )
    for (const event of page) if (event.position.commit !== from && this.#namespace.holds(event)) yield this.#namespace.recorded(event)
    if (page.length === take) yield* this.#seek(page.at(-1)?.position.commit)
  }

  /**
   * A server may drop a reader that is slow, or be restarted: it goes on from the last event, as long as it gets further. @throws
   * StoreUnavailable, NoSuchPosition
   */
  async *#seek(after: bigint | undefined): AsyncGenerator<RecordedEvent> {
    for (let [from, tried] = [after, undefined as bigint | undefined]; ;) {
      const { client } = this.#connection
      try {
        for await (const event of filteredRead(client, this.#namespace, from, this.#patience)) {
          from = event.position
          yield event
        }
        return
      } catch (error) {
        if (spoilsClient(error)) this.#connection.giveUp(client)
        if (from === after || from === tried || isRefusal(error)) throw readFailure(error)
        tried = from
      }
    }
  }
}
