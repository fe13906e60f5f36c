import { Injectable } from '@nestjs/common'
import type { Sql } from 'postgres'
import { refusedAs } from '#nest/problems'
import { ReadModels } from '#projections/postgres/read-models'

const briefly = 1_000

/** The read models, for queries. */
@Injectable()
export class Reading {
  constructor(readonly sql: Sql, private readonly readModels: ReadModels) {}

  /** Read your own write. @throws Refused NOT_YET_VISIBLE after a bounded wait: never stale data. */
  /**
   * For a question about one person or breach: up to the position that it names, or lately up to where the stream stands. A stream at which the projection is
   * parked is not answered from old rows. @throws Refused NOT_YET_VISIBLE
   */
  async ofOne(projection: string, stream: string, stands: bigint, after: string | undefined): Promise<void> {
    await (after === undefined ? this.lately(projection, stands) : this.upTo(projection, after))
    if (await this.readModels.isParked(projection, stream)) throw refusedAs('NOT_YET_VISIBLE')
  }

  /** Waits a moment for what was just written, and answers as of now otherwise. */
  async lately(projection: string, position: bigint | undefined): Promise<void> {
    if (position !== undefined) await this.readModels.hasPassed(projection, position, briefly)
  }

  async upTo(projection: string, position: string | bigint | undefined): Promise<void> {
    if (position === undefined) return
    if (!await this.readModels.hasPassed(projection, BigInt(position))) throw refusedAs('NOT_YET_VISIBLE')
  }
}
