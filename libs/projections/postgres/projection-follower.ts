import type { Sql } from 'postgres'
import type { EventStore } from '#event-store/event-store'
import { assertNotRewound, isBorneOut } from '#event-store/standing'
import { CheckpointFellBack, type Follower, type Stands, isEverybodys } from '../follower.js'
import type { Heard } from '../hear.js'
import type { Projection } from '../projection.js'
import { applyEvents } from './apply.js'
import { type Standing, lockCheckpoint, moveCheckpoint, writeStanding } from './checkpoints.js'
import { park, parkedStreams } from './parking.js'
import { beginBeside, giveUpBeside, putInPlace, settled } from './settle.js'

/** Told of what a projection has heard and shows now; `oldest` is when the store took the first of it. */
export type Applied = (projection: string, heard: { readonly events: number; readonly oldest: string }) => void

/**
 * A projection as it follows the log: rows first, checkpoint last, in one transaction. A checkpoint is moved from where it stood, so two
 * that follow can never both write. One whose tables are not there as it declares them is built beside: from the start of the log, in
 * tables that nobody reads, until it has met the live ones. It parks and purges meanwhile as they do, and resumes where it was cut off.
 */
export class ProjectionFollower implements Follower {
  /** Where this one left it. */
  #left = 0n
  #beside = false

  constructor(
    private readonly sql: Sql,
    private readonly store: Pick<EventStore, 'at' | 'head'>,
    private readonly projection: Projection,
    private readonly applied: Applied = () => undefined,
  ) {}

  get name() {
    return this.projection.name
  }

  async stands(): Promise<Stands> {
    const { position, building } = (await this.#goesOnFrom()) ?? (await beginBeside(this.sql, this.projection))
    this.#left = position
    this.#beside = building
    return { position, beside: building }
  }

  /** What was built of a log that is gone is begun again; what is live stops everybody. */
  async #goesOnFrom(): Promise<Standing | undefined> {
    const standing = await settled(this.sql, this.projection)
    if (standing?.eventId === undefined) return standing
    const at = { position: standing.position, eventId: standing.eventId }
    if (standing.building) return (await isBorneOut(this.store, at)) ? standing : undefined
    await assertNotRewound(this.store, at, `the projection ${this.name}`)
    return standing
  }

  async take(batch: readonly Heard[]): Promise<void> {
    try {
      await this.#take(batch)
    } catch (error) {
      if (this.#beside && !isEverybodys(error)) await giveUpBeside(this.sql, this.projection)
      throw error
    }
  }

  async join(): Promise<void> {
    if (!this.#beside) return
    await this.sql.begin(async sql => {
      const standing = await lockCheckpoint(sql, this.projection)
      if (standing.position < this.#left) throw new CheckpointFellBack(this.name)
      await putInPlace(sql, this.projection)
      await writeStanding(sql, this.projection, standing, false)
    })
    this.#beside = false
  }

  /**
   * The batch, or what a failure of the projection itself leaves of it: halved until the event that it fails on is alone, whose partition
   * is parked.
   */
  async #take(batch: readonly Heard[]): Promise<void> {
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
      await this.#take(batch.slice(0, half))
      await this.#take(batch.slice(half))
    }
  }

  async #apply(batch: readonly Heard[], failure?: unknown): Promise<void> {
    const fresh = await this.sql.begin(async sql => {
      // A read model is rebuilt from the log: what a crash loses here is applied again, because the checkpoint is lost with it.
      await sql`set local synchronous_commit = off`
      const { position, building } = await lockCheckpoint(sql, this.projection)
      if (position < this.#left) throw new CheckpointFellBack(this.name)
      const news = batch.filter(one => one.position > position)
      const last = news.at(-1)
      if (!last) return news
      if (failure !== undefined) await park(sql, this.name, last, failure)
      const schema = building ? 'read_model_build' : 'read_model'
      await applyEvents({ sql, schema }, this.projection, news, await parkedStreams(sql, this.name))
      await moveCheckpoint(sql, this.name, last)
      return news
    })
    const last = batch.at(-1)
    if (last) this.#left = last.position
    const oldest = fresh.find(({ event }) => event !== undefined)?.event?.meta.recordedAt
    if (oldest !== undefined && !this.#beside) this.applied(this.name, { events: fresh.length, oldest })
  }
}
