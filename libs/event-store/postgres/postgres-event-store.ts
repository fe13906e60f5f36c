import type { Sql } from 'postgres'
import { Batched } from '#kernel/batched'
import { encodeAppend } from '../appendable.js'
import {
  type Appended,
  type CaughtUp,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  type RecordedEvent,
  StoreUnavailable,
  type Since,
  type StreamPlace,
  type WholeLog,
} from '../event-store.js'
import { gapless } from '../gapless.js'
import { resting, withPatience } from '../patience.js'
import { assertNotRewound } from '../standing.js'
import { AlteredStreams } from '../altered-streams.js'
import { AppendGroups } from './append-groups.js'
import { CatchUp } from './catch-up.js'
import { lastPosition } from './migrations/0004-between-first-and-last.js'
import { type Row, logged, recorded } from './row.js'

const pageSize = 500
const mostOutOfPlace = 100
const defaultPatience = 8_000
/** How long an idle subscription rests before it looks again: short after an event, longer the longer nothing comes. */
const rest = { shortest: 5, longest: 60 }

/**
 * The log in PostgreSQL. Readers page by the one position that is the commit order, so no open transaction can hide or reorder an event.
 */
export class PostgresEventStore implements EventStore {
  /** Nobody but us can write here. */
  readonly whole: WholeLog = {
    follow: options => this.#follow(logged, options),
    at: async position => (await this.#rowsAt(position))[0],
    head: () => this.head(),
    positions: async (after, upTo) =>
      (
        await this.#rows(
          this.sql<
            Pick<Row, 'position'>[]
          >`select position from event_store.event where position > ${String(after)} and position <= ${String(upTo)} order by position`,
        )
      ).map(({ position }) => BigInt(position)),
    outOfPlace: async () =>
      (
        await this.#rows(this.sql<Row[]>`
          select * from event_store.event where position < 1 or position >= ${String(lastPosition)} or position is null
          order by position limit ${mostOutOfPlace}`)
      ).map(logged),
    damageTo: () => Promise.resolve(undefined),
  }
  readonly #altered = new AlteredStreams()
  readonly #groups: AppendGroups
  readonly #catchUp: CatchUp
  /** Every list says as of when it is: those who ask at the same time ask once. */
  readonly #head = new Batched<undefined, bigint | undefined>(async asked => {
    const head = await this.#headNow()
    return asked.map(() => head)
  })

  /** @param appending a client of its own for appends, so that they keep to one warm connection. */
  constructor(
    private readonly sql: Sql,
    private readonly appending: Sql = sql,
    private readonly patience = defaultPatience,
  ) {
    this.#groups = new AppendGroups(appending, patience, this.#altered)
    this.#catchUp = new CatchUp(sql, patience)
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    this.#altered.assertNot(stream)
    return this.#groups.append({ stream, expected, events: encodeAppend(stream, events) })
  }

  async *readStream(stream: string, { from = 0n, limit = Infinity }: { from?: bigint; limit?: number } = {}) {
    this.#altered.assertNot(stream)
    for (let next = from, left = limit, behind = 0n; left > 0;) {
      const take = Math.min(left, pageSize)
      const page = gapless(
        stream,
        next,
        await this.#events(
          this.sql<
            Row[]
          >`select * from event_store.event where stream = ${stream} and revision >= ${String(next)} order by revision limit ${take}`,
        ),
        behind,
      )
      yield* page
      const last = page.at(-1)
      if (!last || page.length < take) return
      next = last.revision + 1n
      behind = last.position
      left -= page.length
    }
  }

  async since(places: readonly StreamPlace[]): Promise<readonly Since[]> {
    for (const { stream } of places) this.#altered.assertNot(stream)
    return this.#catchUp.since(places)
  }

  async lastOf(stream: string) {
    this.#altered.assertNot(stream)
    const [last] = await this.#events(
      this.sql<Row[]>`select * from event_store.event where stream = ${stream} order by revision desc limit 1`,
    )
    return last
  }

  async *readAll({ after = 0n, limit = Infinity }: { after?: bigint; limit?: number } = {}) {
    for (let last = after, left = limit; left > 0;) {
      const take = Math.min(left, pageSize)
      const page = (await this.#page(last, take)).map(recorded)
      yield* page
      if (page.length < take) return
      last = page.at(-1)?.position ?? last
      left -= page.length
    }
  }

  async at(position: bigint) {
    const [row] = await this.#rowsAt(position)
    return row && recorded(row)
  }

  head() {
    return this.#head.one(undefined)
  }

  async #headNow() {
    const [last] = await this.#rows(
      this.sql<Pick<Row, 'position'>[]>`select position from event_store.event where position > 0 order by position desc limit 1`,
    )
    return last && BigInt(last.position)
  }

  subscribe(options: { after?: bigint; signal: AbortSignal }): AsyncIterable<RecordedEvent | CaughtUp> {
    return this.#follow(recorded, options)
  }

  async *#follow<T>(
    as: (row: Row) => T,
    { after = 0n, signal }: { readonly after?: bigint; readonly signal: AbortSignal },
  ): AsyncIterable<T | CaughtUp> {
    let delivered: Row | undefined
    let lost = false
    let told = false
    let pause = rest.shortest
    let ahead: Promise<readonly Row[]> | undefined
    while (!signal.aborted) {
      let page: readonly Row[]
      try {
        if (lost && delivered)
          await assertNotRewound(this, { position: BigInt(delivered.position), eventId: delivered.id }, 'a subscription')
        lost = false
        page = await (ahead ?? this.#page(delivered ? BigInt(delivered.position) : after, pageSize))
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error
        lost = true
        ahead = undefined
        pause = Math.min(pause * 2, 1_000)
        await resting(pause, signal)
        continue
      }
      // While there is more, it is fetched as long as this is worked on. Whoever awaits it next is told that it failed.
      ahead = page.length === pageSize ? this.#page(BigInt((page.at(-1) as Row).position), pageSize) : undefined
      ahead?.catch(() => undefined)
      for (const row of page) {
        if (isAborted(signal)) return
        delivered = row
        yield as(row)
      }
      if (page.length > 0) {
        told = false
        pause = rest.shortest
      }
      if (page.length === pageSize) continue
      if (!told) {
        told = true
        yield { caughtUp: true }
      }
      await resting(pause, signal)
      pause = Math.min(pause * 1.5, rest.longest)
    }
  }

  async close() {
    await this.#groups.drain()
    await Promise.all([this.sql.end({ timeout: 5 }), this.appending.end({ timeout: 5 })])
  }

  #page(after: bigint, take: number) {
    return this.#rows(this.sql<Row[]>`select * from event_store.event where position > ${String(after)} order by position limit ${take}`)
  }

  async #rowsAt(position: bigint) {
    if (position <= 0n) return []
    return this.#rows(this.sql<Row[]>`select * from event_store.event where position = ${String(position)}`)
  }

  async #events(query: Promise<readonly Row[]>): Promise<readonly RecordedEvent[]> {
    return (await this.#rows(query)).map(recorded)
  }

  async #rows<T = Row>(query: Promise<readonly T[]>): Promise<readonly T[]> {
    try {
      return await withPatience(this.patience, query)
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }
}

/** Asked again after every event: the consumer may have aborted meanwhile. */
const isAborted = (signal: AbortSignal) => signal.aborted
