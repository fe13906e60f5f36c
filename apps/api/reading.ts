import { Injectable } from '@nestjs/common'
import type { Sql } from 'postgres'
import { refusedAs } from '#nest/problems'
import { ReadModels } from '#projections/postgres/read-models'

/** The read models, for queries. */
@Injectable()
export class Reading {
  constructor(readonly sql: Sql, private readonly readModels: ReadModels) {}

  /** Read your own write. @throws Refused NOT_YET_VISIBLE after a bounded wait: never stale data. */
  async upTo(projection: string, position: string | bigint | undefined): Promise<void> {
    if (position === undefined) return
    if (!await this.readModels.hasPassed(projection, BigInt(position))) throw refusedAs('NOT_YET_VISIBLE')
  }
}
