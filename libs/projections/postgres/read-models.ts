import type { Sql } from 'postgres'
import { StoreUnavailable } from '#event-store/event-store'
import type { Projection } from '../projection.js'
import { countSealed } from './table-writer.js'

const patience = 5_000
const pause = 10

/** Where the projections stand, and what their tables still hold. @throws StoreUnavailable when the database does not answer. */
export class ReadModels {
  constructor(private readonly sql: Sql, private readonly projections: readonly Projection[]) {}

  get names(): readonly string[] { return this.projections.map(({ name }) => name) }

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
    try {
      const rows = await this.sql<{ projection: string; position: string }[]>`select projection, position from read_model.checkpoint`
      return new Map(rows.map(({ projection, position }) => [projection, BigInt(position)]))
    } catch (error) { throw new StoreUnavailable(error) }
  }

  /** Sealed values under these keys in any declared column of any read model. */
  async sealedValuesOf(subject: string, kids: readonly string[]): Promise<number> {
    try {
      const counts = await Promise.all(this.projections.map(({ tables }) => countSealed(this.sql, tables, subject, kids)))
      return counts.reduce((sum, count) => sum + count, 0)
    } catch (error) { throw new StoreUnavailable(error) }
  }
}
