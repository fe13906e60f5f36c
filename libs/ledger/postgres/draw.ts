import type { Sql } from 'postgres'

/**
 * What a sample is drawn from: leaves below an index, recorded from `from` until before `to`; of one type and of some streams, where
 * these are named. Of these the ones are drawn whose SHA-256(seed ‖ index in 8 bytes, the highest first) is the lowest: whoever has the
 * headers of all leaves and the seed draws the same.
 */
export type Draw = {
  readonly below: number
  readonly type?: string | undefined
  readonly from: string
  readonly to: string
  readonly streams?: readonly string[] | undefined
}

/** How many leaves there were to draw from, and the ones drawn. */
export type Drawn = { readonly population: number; readonly leaves: readonly number[] }

/** The leaves that a seed draws: as many as are wanted, or all there are. */
export async function drawLeaves(
  sql: Sql,
  log: number,
  { below, type, from, to, streams }: Draw,
  seed: string,
  wanted: number,
): Promise<Drawn> {
  const rows = await sql<{ idx: string; population: string }[]>`
    with header as (select idx, stream, convert_from(entry, 'UTF8')::jsonb as entry from ledger.leaf
      where log = ${log} and idx < ${String(below)})
    select idx, count(*) over () as population from header
    where entry ->> 'created' >= ${from} and entry ->> 'created' < ${to}
      ${type === undefined ? sql`` : sql`and entry ->> 'type' = ${type}`}
      ${streams === undefined ? sql`` : sql`and stream = any (${streams}::text[])`}
    order by sha256(decode(${seed}, 'hex') || int8send(idx)) limit ${wanted}`
  return { population: Number(rows[0]?.population ?? 0), leaves: rows.map(({ idx }) => Number(idx)) }
}
