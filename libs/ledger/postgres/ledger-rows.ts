import type { Sql } from 'postgres'
import type { FullTile } from '#merkle/tree-edge'
import type { LeafHeader } from '#verifier/leaf-header'

/** Where the ledger stands: how many leaves, and the last event that is one. */
export type Standing = {
  readonly log: number
  readonly origin: string
  readonly size: number
  readonly position: bigint
  readonly eventId: string | undefined
}
/** A leaf on its way in: dense, in the order of the log. */
export type NewLeaf = { readonly header: LeafHeader; readonly entry: string; readonly hash: Uint8Array }
/** Somebody else moved the ledger: two sequencers, or a database that fell back. Nothing was written; read again from where it stands. */
export class LedgerMoved extends Error {
  constructor() {
    super('The ledger does not stand where this sequencer left it')
  }
}

/** The signer signs for a ledger that was frozen. Initialise a signer for a new one, with another name. */
export class LedgerFrozen extends Error {
  constructor() {
    super('The signer signs for a ledger that was frozen: initialise a signer with another origin')
  }
}

type LogRow = {
  log: number
  origin: string | null
  size: string
  position: string | null
  event_id: string | null
  is_live: boolean | null
}
const standingOf = ({ log, origin, size, position, event_id }: LogRow): Standing => ({
  log,
  origin: origin ?? '',
  size: Number(size),
  position: BigInt(position ?? -1),
  eventId: event_id ?? undefined,
})

export async function liveLedger(sql: Sql): Promise<Standing | undefined> {
  const [row] = await sql<LogRow[]>`select * from ledger.log where is_live`
  return row && standingOf(row)
}

/** The ledger goes on no more; another, with another name, may begin. Nothing of it is changed. Answers whether there was one. */
export async function freezeLedger(sql: Sql): Promise<boolean> {
  return (await sql`update ledger.log set is_live = false where is_live`).count > 0
}

/** The ledger that was frozen last. */
export async function frozenLedger(sql: Sql): Promise<Standing | undefined> {
  const [row] = await sql<LogRow[]>`select * from ledger.log where not is_live order by log desc limit 1`
  return row && standingOf(row)
}

/** Every ledger that the database has, the one that goes on last. */
export async function everyLedger(sql: Sql): Promise<readonly (Standing & { readonly isLive: boolean })[]> {
  const rows = await sql<LogRow[]>`select * from ledger.log order by is_live, log`
  return rows.map(row => ({ ...standingOf(row), isLive: row.is_live === true }))
}

/** Begins a ledger, where there is none with this origin. @throws LedgerFrozen */
export async function beginLedger(sql: Sql, origin: string): Promise<Standing> {
  const [row] = await sql<LogRow[]>`
    with begun as (insert into ledger.log (origin) values (${origin}) on conflict (origin) do nothing returning *)
    select * from begun union all select * from ledger.log where origin = ${origin} limit 1`
  if (!row?.is_live) throw new LedgerFrozen()
  return standingOf(row)
}

/** The unfinished tile of each level, as it is stored. */
export async function edgeRows(sql: Sql, log: number): Promise<ReadonlyMap<number, Buffer>> {
  const rows = await sql<
    { level: number; hashes: Buffer | null }[]
  >`select level, hashes from ledger.edge where log = ${log} order by level`
  return new Map(rows.map(({ level, hashes }) => [level, hashes ?? Buffer.alloc(0)]))
}

/**
 * Leaves, tiles, edge and standing in one statement, from where the sequencer left the ledger: all of it, or nothing. @throws
 * LedgerMoved; what the database throws
 */
export async function writeBatch(
  sql: Sql,
  from: Standing,
  leaves: readonly NewLeaf[],
  tiles: readonly FullTile[],
  edge: readonly (readonly Uint8Array[])[],
): Promise<void> {
  const last = leaves.at(-1)
  if (!last) return
  // The lowest changes with every leaf, the others with every 256th of the one below.
  const edges = edge
    .map((hashes, level) => ({ level, hashes: Buffer.concat(hashes) }))
    .filter(({ level }) => level === 0 || tiles.some(tile => tile.level === level - 1))
  const [row] = await sql<{ moved: boolean }[]>`
    with moved as (
      update ledger.log set size = ${String(from.size + leaves.length)}, position = ${last.header.pos}, event_id = ${last.header.id}
      where log = ${from.log} and is_live and size = ${String(from.size)} and event_id is not distinct from ${from.eventId ?? null}::uuid
      returning log
    ), leaves as (
      insert into ledger.leaf (log, idx, entry, leaf_hash, event_id, stream, rev, position)
      select log, ${String(from.size)}::bigint + e.nth - 1, convert_to(e.entry, 'UTF8'), decode(e.leaf_hash, 'hex'),
        e.event_id, e.stream, e.rev, e.position
      from moved, unnest(string_to_array(${leaves.map(({ entry }) => entry).join(separator)}, ${separator}),
        ${hex(leaves.map(({ hash }) => hash))}::text[],
        ${leaves.map(({ header }) => header.id)}::uuid[], ${leaves.map(({ header }) => header.stream)}::text[],
        ${leaves.map(({ header }) => header.rev)}::bigint[], ${leaves.map(({ header }) => header.pos)}::bigint[])
        with ordinality as e (entry, leaf_hash, event_id, stream, rev, position, nth)
    ), tiles as (
      insert into ledger.tile (log, level, idx, hashes) select log, t.level, t.idx, decode(t.hashes, 'hex')
      from moved, unnest(${tiles.map(({ level }) => level)}::int[], ${tiles.map(({ index }) => String(index))}::bigint[],
        ${hex(tiles.map(({ hashes }) => hashes))}::text[]) as t (level, idx, hashes)
    ), edges as (
      insert into ledger.edge (log, level, hashes) select log, t.level, decode(t.hashes, 'hex')
      from moved, unnest(${edges.map(({ level }) => level)}::int[], ${hex(edges.map(({ hashes }) => hashes))}::text[]) as t (level, hashes)
      on conflict (log, level) do update set hashes = excluded.hashes
    ) select exists (select from moved) as moved`
  if (!row?.moved) throw new LedgerMoved()
}

/** Canonical JSON holds no U+001E: many entries travel as one text, because escaping them one by one takes longer than writing them. */
const separator = '\u001e'
const hex = (bytes: readonly Uint8Array[]) => bytes.map(one => Buffer.from(one.buffer, one.byteOffset, one.byteLength).toString('hex'))
