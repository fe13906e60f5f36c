import { Injectable } from '@nestjs/common'
import type { Sql } from 'postgres'
import type { StreamFolds } from '#commands/folds'
import { Policies } from '#commands/policies-in-force'
import type { Aggregate, Typed } from '#decider/decider'
import type { EventStore } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import { newerIn } from '#kernel/newer-event'
import { type Asked, type Found, Lists, type Source } from '#nest/list-of'
import type { AsOf } from '#nest/paging'
import { refusedAs } from '#nest/problems'
import type { PolicyFacts } from '#policy/policy'
import { ReadModels } from '#projections/postgres/read-models'
import { readRows, readTogether } from '#projections/postgres/read-rows'
import type { Table } from '#projections/projection'
import type { Question } from '#projections/question'

/** What was found of one person or breach, and whether all was to be found that the log had when it was asked for. */
type OfOne<T> = { readonly found: T | undefined; readonly complete: boolean }
const briefly = 1_000
const beyondTheLog = { field: 'after', rule: 'must be a position that an answer of this service gave: the log has none so high' }

/** The read models, for queries. */
@Injectable()
export class Reading extends Lists {
  constructor(
    readonly sql: Sql,
    private readonly readModels: ReadModels,
    private readonly folds: StreamFolds,
    private readonly store: Pick<EventStore, 'head' | 'at'>,
    private readonly clock: Clock,
    private readonly policies: Pick<Policies, 'inForce'> = new Policies(folds),
  ) {
    super()
  }

  policiesInForce(): Promise<PolicyFacts> {
    return this.policies.inForce(this.clock.now())
  }

  async rows<T extends Table>({ projection, table }: Source<T>, question: Question<T>, after: string | undefined) {
    // Without a position to wait for, that it is live is asked with how far it is.
    if (after !== undefined) await this.upTo(projection.name, after)
    return this.shown(projection.name, () => this.#found(projection.name, table, question))
  }

  async together(asked: readonly Asked[]) {
    try {
      return await readTogether(
        this.sql,
        asked.map(({ source, question }) => ({ table: source.table, question })),
      )
    } finally {
      await this.readModels.assertLive(...asked.map(({ source }) => source.projection.name))
    }
  }

  async rowsOf<T extends Table, S, E extends Typed>(
    { aggregate, id }: { readonly aggregate: Aggregate<S, E>; readonly id: string },
    { projection, table }: Source<T>,
    question: Question<T>,
    after: string | undefined,
  ) {
    const { position } = await this.folds.load(aggregate, id)
    if (position === undefined) throw refusedAs('NOT_FOUND')
    const stream = `${aggregate.category}-${id}`
    let last: Found<T> | undefined
    const some = async () => {
      last = await this.#found(projection.name, table, question)
      return last.rows.length > 0 ? last : undefined
    }
    // That there is nothing is said only once the projection has reached the stream.
    const { found } = await this.ofOne(projection.name, stream, position, after, some)
    return found ?? last ?? this.#found(projection.name, table, question)
  }

  async #found<T extends Table>(projection: string, table: T, question: Question<T>): Promise<Found<T>> {
    const asOf = await this.asOf(projection)
    return { asOf, rows: await readRows(this.sql, table, question) }
  }

  /**
   * How old the rows are, at most, that a question after this one finds: as of now, where the read model has had all that is in the log;
   * else as of when its last event was recorded.
   */
  async asOf(projection: string): Promise<AsOf> {
    const now = this.clock.now()
    const [{ position }, head] = [await this.readModels.live(projection), (await this.store.head()) ?? 0n]
    const at = position >= head ? now : ((await this.store.at(position))?.recordedAt ?? new Date(0).toISOString())
    return { position: String(position), at }
  }

  /**
   * For a question about one person or breach that the log knows: up to the position that it names, or lately up to where the stream
   * stands. A stream at which the projection is parked is not answered from old rows, and one that it has not reached yet is not answered
   * as if there were none. @throws Refused NOT_YET_VISIBLE, WRITTEN_BY_NEWER_RELEASE
   */
  async ofOne<T>(
    projection: string,
    stream: string,
    stands: bigint,
    after: string | undefined,
    find: () => Promise<T | undefined>,
  ): Promise<OfOne<T>> {
    const reached = await this.upTo(projection, after)
    // What it asked to see is there, as a rule: nothing more is waited for then.
    const first = after === undefined ? undefined : await this.#read(projection, find)
    const { found, standing, complete } =
      first?.found === undefined ? await this.#lately(projection, reached, stands, find) : { ...first, complete: reached >= stands }
    const stopped = standing.parked === 0 ? undefined : await this.readModels.parkedBy(projection, stream)
    if (stopped !== undefined) throw refusedAs(newerIn(stopped) === undefined ? 'NOT_YET_VISIBLE' : 'WRITTEN_BY_NEWER_RELEASE')
    return { found, complete }
  }

  /**
   * Waits a moment for what was just written, and answers as of now otherwise; but not that there is nothing. @throws NotCurrent, Refused
   * NOT_YET_VISIBLE
   */
  async lately<T>(projection: string, stands: bigint, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const { position } = await this.readModels.live(projection)
    return (await this.#lately(projection, position, stands, find)).found
  }

  async #lately<T>(projection: string, reached: bigint, stands: bigint, find: () => Promise<T | undefined>) {
    const complete = reached >= stands || (await this.readModels.hasPassed(projection, stands, briefly))
    const read = await this.#read(projection, find)
    if (read.found === undefined && !complete) throw refusedAs('NOT_YET_VISIBLE')
    return { ...read, complete }
  }

  /**
   * Rows that are there as this release declares them, and still are once they were read: another release may have put its own in their
   * place. @throws NotCurrent
   */
  async shown<T>(projection: string, find: () => Promise<T>): Promise<T> {
    return (await this.#read(projection, find)).found
  }

  async #read<T>(projection: string, find: () => Promise<T>) {
    try {
      return { found: await find(), standing: await this.readModels.live(projection) }
    } catch (error) {
      await this.readModels.assertLive(projection)
      throw error
    }
  }

  /**
   * Read your own write: how far it has come, at least. @throws NotCurrent at once; Refused NOT_YET_VISIBLE after a bounded wait: never
   * stale data. It names `after` where that is a position that the log itself does not have, so that nobody looks for a worker that
   * stands still.
   */
  async upTo(projection: string, after: string | bigint | undefined): Promise<bigint> {
    const { position: reached } = await this.readModels.live(projection)
    const position = BigInt(after ?? 0n)
    if (reached >= position) return reached
    if (await this.readModels.hasPassed(projection, position)) return position
    throw refusedAs('NOT_YET_VISIBLE', position > ((await this.store.head()) ?? 0n) ? [beyondTheLog] : [])
  }
}
