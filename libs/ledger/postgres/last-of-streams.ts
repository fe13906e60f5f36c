import type { Sql } from 'postgres'
import { FormatError, Unsupported } from '#merkle/format-error'
import { type Hash, sameHash } from '#merkle/tree-hash'
import { LedgerAltered } from '../ledger-altered.js'
import { type LeafRow, type LedgerLeaf, type ReadLeaf, leafOfRow, readLeaf } from './ledger-leaf.js'
import type { Standing } from './ledger-rows.js'

/** The leaf of a stream that came last. */
export type LastOfStream = { readonly revision: bigint; readonly hash: string }
export type LastLeaf = LastOfStream & { readonly index: number; readonly leafHash: Hash }

/**
 * The last leaf of each of these streams that has one below an index, as the next leaf is chained to it: by the bytes of its entry, which
 * the columns beside it and the tree bear out. @throws LedgerAltered where they do not
 */
export async function lastOfStreams(
  sql: Sql,
  { log, origin }: Pick<Standing, 'log' | 'origin'>,
  streams: readonly string[],
  below?: number,
): Promise<ReadonlyMap<string, LastLeaf>> {
  if (streams.length === 0) return new Map()
  const rows = await sql<(LeafRow & { in_tree: Buffer | null })[]>`
    select l.*, coalesce(
      (select substring(t.hashes from (l.idx % 256)::int * 32 + 1 for 32) from ledger.tile t
        where t.log = ${log} and t.level = 0 and t.idx = l.idx / 256),
      (select substring(e.hashes from (l.idx % 256)::int * 32 + 1 for 32) from ledger.edge e where e.log = ${log} and e.level = 0)
    ) as in_tree
    from unnest(${streams}::text[]) as s (stream) cross join lateral (
      select idx, entry, leaf_hash, event_id, stream, rev, position from ledger.leaf
      where log = ${log} and stream = s.stream ${below === undefined ? sql`` : sql`and idx < ${String(below)}`}
      order by rev desc limit 1) l`
  return new Map(
    rows.map(row => {
      const { header, hash } = trusted(leafOfRow(row), origin)
      if (!row.in_tree || !sameHash(hash, row.in_tree)) throw new LedgerAltered(`the tree does not hold the leaf ${row.idx} as it stands`)
      return [
        header.stream,
        { revision: BigInt(header.rev), hash: Buffer.from(hash).toString('base64'), index: Number(row.idx), leafHash: hash },
      ]
    }),
  )
}

/** What a leaf says, where every column of its row bears it out. @throws LedgerAltered */
export function trusted(leaf: LedgerLeaf, origin: string): ReadLeaf {
  try {
    const read = readLeaf(leaf, origin)
    if (read.wrong === undefined) return read
    throw new LedgerAltered(`the leaf ${leaf.index}: ${read.wrong.what}`)
  } catch (error) {
    if (error instanceof FormatError || error instanceof Unsupported) throw new LedgerAltered(`the leaf ${leaf.index}: ${error.message}`)
    throw error
  }
}

/**
 * Revisions seem to be missing before an event: it may also be that their leaves were hidden by what was written into their columns, or
 * were deleted. Reads every leaf, and is for when that happens. @throws LedgerAltered
 */
export async function assertNoneHidden(sql: Sql, log: number): Promise<void> {
  const [row] = await sql<{ hidden: string | null; missing: string }[]>`
    select max(idx) + 1 - count(*) as missing, min(idx) filter (where
      position(convert_to('"stream":"' || stream || '"', 'UTF8') in entry) = 0
      or position(convert_to('"rev":"' || rev || '"', 'UTF8') in entry) = 0) as hidden
    from ledger.leaf where log = ${log}`
  if (row?.hidden !== null && row?.hidden !== undefined)
    throw new LedgerAltered(`the leaf ${row.hidden}: the columns beside its entry say something else`)
  if (Number(row?.missing ?? 0) !== 0) throw new LedgerAltered(`${row?.missing ?? ''} of its leaves are gone`)
}
