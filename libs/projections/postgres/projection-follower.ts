import type { Sql } from 'postgres'
import type { EventStore } from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'
import { CheckpointFellBack, type Follower, isEverybodys } from '../follower.js'
import type { Heard } from '../hear.js'
import type { Projection } from '../projection.js'
import { applyEvents } from './apply.js'
import { lockCheckpoint, moveCheckpoint, readCheckpoint } from './checkpoints.js'
import { park, parkedStreams } from './parking.js'

/** Told of what a projection has heard and shows now; `oldest` is when the store took the first of it. */
export type Applied = (projection: string, heard: { readonly events: number; readonly oldest: string }) => void

/**
 * A projection as it follows the log: rows first, checkpoint last, in one transaction. A checkpoint is moved from where it stood, so two
 * that follow can never both write.
 */
export class ProjectionFollower implements Follower {
  /** Where this one left it. */
  #left = 0n

  constructor(
    private readonly sql: Sql,
    private readonly store: Pick<EventStore, 'at' | 'head'>,
    private readonly projection: Projection,
    private readonly applied: Applied = () => undefined,
  ) {}

  get name() {
    return this.projection.name
  }

  async stands(): Promise<bigint> {
    const { position, eventId } = await readCheckpoint(this.sql, this.name)
    if (eventId !== undefined) await assertNotRewound(this.store, { position, eventId }, `the projection ${this.name}`)
    this.#left = position
    return position
  }

  /**
   * The batch, or what a failure of the projection itself leaves of it: halved until the event that it fails on is alone, whose partition
   * is parked.
   */
  async take(batch: readonly Heard[]): Promise<void> {
    try {
      await this.#apply(batch)
    } catch (error) {
      if (isEverybodys(error)) throw error
      if (batch.length === 1) {
        // A projection whose rows mix streams has no partition that could be left out: it stops whole.
        if (this.projection.mixesStreams) throw error
        await this.#apply(batch, error)
        return
      }
      const half = Math.ceil(batch.length / 2)
      await this.take(batch.slice(0, half))
      await this.take(batch.slice(half))
    }
  }

  async #apply(batch: readonly Heard[], failure?: unknown): Promise<void> {
    const fresh = await this.sql.begin(async sql => {
      // A read model is rebuilt from the log: what a crash loses here is applied again, because the checkpoint is lost with it.
      await sql`set local synchronous_commit = off`
      const { position } = await lockCheckpoint(sql, this.name)
      if (position < this.#left) throw new CheckpointFellBack(this.name)
      const news = batch.filter(one => one.position > position)
      const last = news.at(-1)
      if (!last) return news
      if (failure !== undefined) await park(sql, this.name, last, failure)
      await applyEvents({ sql, schema: 'read_model' }, this.projection, news, await parkedStreams(sql, this.name))
      await moveCheckpoint(sql, this.name, last)
      return news
    })
    const last = batch.at(-1)
    if (last) this.#left = last.position
    const oldest = fresh.find(({ event }) => event !== undefined)?.event?.meta.recordedAt
    if (oldest !== undefined) this.applied(this.name, { events: fresh.length, oldest })
  }
}
