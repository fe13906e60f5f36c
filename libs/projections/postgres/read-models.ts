import type { Sql } from 'postgres'
import { StoreUnavailable } from '#event-store/event-store'
import type { Projection } from '../projection.js'
import { countSealed } from './table-writer.js'

export type StandingOf = {
  readonly projection: string
  readonly position: bigint
  readonly eventId: string | undefined
  readonly parked: number
}

const patience = 5_000
const pause = 10

/** Where the projections stand, and what their tables still hold. @throws StoreUnavailable when the database does not answer. */
export class ReadModels {
  constructor(
    private readonly sql: Sql,
    private readonly projections: readonly Projection[],
  ) {}

  get names(): readonly string[] {
    return this.projections.map(({ name }) => name)
  }

  /** Waits, bounded, until a projection has passed a position. False: it has not; the caller answers 503, never stale data. */
  async hasPassed(projection: string, position: bigint, withinMs = patience): Promise<boolean> {
    for (const deadline = Date.now() + withinMs; ;) {
      const standing = (await this.checkpoints()).get(projection) ?? 0n
      if (standing >= position) return true
      if (Date.now() >= deadline) return false
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  }

  async allHavePassed(position: bigint): Promise<boolean> {
    const standing = await this.checkpoints()
    return this.projections.every(({ name }) => (standing.get(name) ?? 0n) >= position)
  }

  async checkpoints(): Promise<ReadonlyMap<string, bigint>> {
    return new Map((await this.standings()).map(({ projection, position }) => [projection, position]))
  }

  /** Where each projection stands, and how many partitions of it are parked. */
  async standings(): Promise<readonly StandingOf[]> {
    try {
      const rows = await this.sql<{ projection: string; position: string; event_id: string | null; parked: number }[]>`
        select c.projection, c.position, c.event_id, (select count(*)::int from read_model.parked p where p.projection = c.projection) as parked from read_model.checkpoint c`
      return rows.map(({ projection, position, event_id, parked }) => ({
        projection,
        position: BigInt(position),
        eventId: event_id ?? undefined,
        parked,
      }))
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }

  /** The projection stopped at an event of this stream: what it shows of it is old, however far it stands. */
  async isParked(projection: string, stream: string): Promise<boolean> {
    try {
      const rows = await this.sql`select from read_model.parked where projection = ${projection} and stream = ${stream}`
      return rows.length > 0
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }

  /** Sealed values under these keys in any declared column of any read model. */
  async sealedValuesOf(subject: string, kids: readonly string[]): Promise<number> {
    try {
      const counts = await Promise.all(this.projections.map(({ tables }) => countSealed(this.sql, tables, subject, kids)))
      return counts.reduce((sum, count) => sum + count, 0)
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }
}
