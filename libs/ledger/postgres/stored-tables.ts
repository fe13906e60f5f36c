import type { Sql } from 'postgres'
import { StoreUnavailable } from '#event-store/event-store'
import { type Standing, edgeRows, everyLedger } from './ledger-rows.js'

export type StoredCheckpoint = { readonly size: number; readonly note: string; readonly signedAt: Date }
export type StoredCosignature = { readonly size: number; readonly witness: string; readonly line: string }
export type StoredStamp = { readonly size: number; readonly note: string; readonly token: Buffer; readonly stampedAt: Date }

/** The rows of the ledger as they stand, also those that nothing leads to: for whoever checks them. Everything @throws StoreUnavailable */
export class StoredTables {
  constructor(private readonly sql: Sql) {}

  /** Every ledger, the one that goes on last. */
  ledgers(): Promise<readonly (Standing & { readonly isLive: boolean })[]> {
    return this.#answered(everyLedger(this.sql))
  }
  edges(log: number): Promise<ReadonlyMap<number, Buffer>> {
    return this.#answered(edgeRows(this.sql, log))
  }

  /** Of these, too, anything may be missing: it is told as what is found to be wrong. */
  async checkpoints(log: number): Promise<readonly StoredCheckpoint[]> {
    const rows = await this.#answered(
      this.sql<{ size: string; note: string | null; signed_at: Date | null }[]>`
        select size, note, signed_at from ledger.checkpoint where log = ${log} order by size`,
    )
    return rows.map(({ size, note, signed_at }) => ({ size: Number(size), note: note ?? '', signedAt: signed_at ?? new Date(NaN) }))
  }
  async cosignatures(log: number): Promise<readonly StoredCosignature[]> {
    const rows = await this.#answered(
      this.sql<{ size: string; witness: string; line: string | null }[]>`
        select size, witness, line from ledger.cosignature where log = ${log} order by size, witness`,
    )
    return rows.map(row => ({ ...row, size: Number(row.size), line: row.line ?? '' }))
  }
  async stamps(log: number): Promise<readonly StoredStamp[]> {
    const rows = await this.#answered(
      this.sql<{ size: string; note: string | null; token: Buffer | null; stamped_at: Date | null }[]>`
        select size, note, token, stamped_at from ledger.time_stamp where log = ${log} order by size`,
    )
    return rows.map(({ size, note, token, stamped_at }) => ({
      size: Number(size),
      note: note ?? '',
      token: token ?? Buffer.alloc(0),
      stampedAt: stamped_at ?? new Date(NaN),
    }))
  }

  /** Leaves and full tiles that no tree of this size has. */
  async beyond(log: number, size: number): Promise<readonly string[]> {
    const rows = await this.#answered(this.sql<{ what: string }[]>`
      select 'leaf ' || idx as what from ledger.leaf where log = ${log} and (idx < 0 or idx >= ${String(size)})
      union all select 'tile ' || level || '/' || idx from ledger.tile where log = ${log}
        and (level not between 0 and 6 or idx < 0
          or (idx + 1) * (256::numeric ^ (least(greatest(level, 0), 6) + 1)) > ${String(size)}::numeric)
      order by 1 limit 100`)
    return rows.map(({ what }) => what)
  }

  /** Rows that belong to no ledger, or to no checkpoint: no statement of ours leaves any, and keys forbid it while they hold. */
  async orphans(): Promise<readonly { readonly table: string; readonly rows: number }[]> {
    const rows = await this.#answered(this.sql<{ table: string; rows: string }[]>`
      select t as table, count(*) as rows from (
        select 'leaf' as t, log from ledger.leaf union all select 'tile', log from ledger.tile union all select 'edge', log from ledger.edge
        union all select 'checkpoint', log from ledger.checkpoint union all select 'cosignature', log from ledger.cosignature
        union all select 'time_stamp', log from ledger.time_stamp
      ) one where not exists (select from ledger.log l where l.log = one.log) group by t
      union all select 'cosignature', count(*) from ledger.cosignature c
        where not exists (select from ledger.checkpoint k where k.log = c.log and k.size = c.size) having count(*) > 0
      union all select 'time_stamp', count(*) from ledger.time_stamp s
        where not exists (select from ledger.checkpoint k where k.log = s.log and k.size = s.size) having count(*) > 0`)
    return rows.map(({ table, rows: count }) => ({ table, rows: Number(count) }))
  }

  async #answered<T>(query: Promise<T>): Promise<T> {
    try {
      return await query
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }
}
