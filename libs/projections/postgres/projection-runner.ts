import type { Sql } from 'postgres'
import type { EventCodec } from '#event-codec/codec'
import type { EventStore } from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'
import { underLock } from '#locks/advisory-lock'
import type { Projection } from '../projection.js'
import { type Heard, applyEvents } from './apply.js'
import { lockCheckpoint, moveCheckpoint, readCheckpoint } from './checkpoints.js'
import { hear } from './hear.js'
import { park, parkedStreams } from './parking.js'

const batchSize = 500
const runnerLock = 7310
/** Told of what a projection has heard and shows now; `oldest` is when the store took the first of it. */
type Applied = (projection: string, heard: { readonly events: number; readonly oldest: string }) => void

/**
 * One live reader feeds all projections: it decodes once, and each projection takes the batch in a transaction of its own, rows first,
 * checkpoint
 * last. One runner at a time wins the lock, the others wait to take over; and a checkpoint is moved from where it stood, so two can never
 * both write.
 */
export class ProjectionRunner {
  /** Where this runner left each projection. */
  readonly #left = new Map<string, bigint>()

  constructor(
    private readonly sql: Sql,
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly projections: readonly Projection[],
    private readonly applied: Applied = () => undefined,
  ) {}

  /**
   * Runs until the signal aborts. @throws LockLost; EventStoreRewound when the store is not the one that the checkpoints were taken from.
   */
  run(signal: AbortSignal): Promise<void> {
    return underLock(this.sql, runnerLock, signal, until => this.#follow(until))
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const after = await this.#leastCheckpoint()
    let batch: Heard[] = []
    for await (const item of this.store.subscribe({ after, signal })) {
      if (!('caughtUp' in item)) batch.push(hear(this.codec, item))
      if (batch.length === 0 || (!('caughtUp' in item) && batch.length < batchSize)) continue
      // One projection's failure does not hold up the others; the reader then begins again from where each stands.
      const outcomes = await Promise.allSettled(this.projections.map(projection => this.#apply(projection, batch)))
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
      batch = []
    }
  }

  /** @throws EventStoreRewound */
  async #leastCheckpoint(): Promise<bigint> {
    let least: bigint | undefined
    for (const { name } of this.projections) {
      const { position, eventId } = await readCheckpoint(this.sql, name)
      if (eventId !== undefined) await assertNotRewound(this.store, { position, eventId }, `the projection ${name}`)
      this.#left.set(name, position)
      if (least === undefined || position < least) least = position
    }
    return least ?? 0n
  }

  /**
   * The batch, or what a failure of the projection itself leaves of it: halved until the event that it fails on is alone, whose partition
   * is parked.
   */
  async #apply(projection: Projection, batch: readonly Heard[]): Promise<void> {
    try {
      await this.#take(projection, batch)
    } catch (error) {
      if (isOutage(error) || error instanceof CheckpointFellBack) throw error
      if (batch.length === 1) {
        // A projection whose rows mix streams has no partition that could be left out: it stops whole.
        if (projection.mixesStreams) throw error
        await this.#take(projection, batch, error)
        return
      }
      const half = Math.ceil(batch.length / 2)
      await this.#apply(projection, batch.slice(0, half))
      await this.#apply(projection, batch.slice(half))
    }
  }

  async #take(projection: Projection, batch: readonly Heard[], failure?: unknown): Promise<void> {
    const fresh = await this.sql.begin(async sql => {
      // A read model is rebuilt from the log: what a crash loses here is applied again, because the checkpoint is lost with it.
      await sql`set local synchronous_commit = off`
      const { position } = await lockCheckpoint(sql, projection.name)
      if (position < (this.#left.get(projection.name) ?? 0n)) throw new CheckpointFellBack(projection.name)
      const news = batch.filter(one => one.position > position)
      const last = news.at(-1)
      if (!last) return news
      if (failure !== undefined) await park(sql, projection.name, last, failure)
      await applyEvents({ sql, schema: 'read_model' }, projection, news, await parkedStreams(sql, projection.name))
      await moveCheckpoint(sql, projection.name, last)
      return news
    })
    const last = batch.at(-1)
    if (last) this.#left.set(projection.name, last.position)
    const oldest = fresh.find(({ event }) => event !== undefined)?.event?.meta.recordedAt
    if (oldest !== undefined) this.applied(projection.name, { events: fresh.length, oldest })
  }
}

/**
 * The database lost commits in a crash, or was restored: what this runner wrote is not all there, so it reads again from where the
 * checkpoint is now.
 */
class CheckpointFellBack extends Error {
  constructor(projection: string) {
    super(`The checkpoint of ${projection} fell back`)
  }
}

/** The database is away or busy: nobody's event is to blame. SQLSTATE classes 08, 40, 53, 55, 57 and the client's own codes. */
function isOutage(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|08|40|53|55|57)/.test(code)
}
