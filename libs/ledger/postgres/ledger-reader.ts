import type { PendingQuery, Row, Sql } from 'postgres'
import { StoreUnavailable } from '#event-store/event-store'
import { Batched } from '#kernel/batched'
import { type TileReader, proveConsistency, proveInclusion, rootFromTiles } from '#merkle/proof'
import { type TilePlace, tileWidth } from '#merkle/tile'
import { type Hash, leafHash } from '#merkle/tree-hash'
import { tlogProofText } from '#merkle/tlog-proof'
import { type Draw, type Drawn, drawLeaves } from './draw.js'
import { type LeafRow, type LedgerLeaf, entryBundle, leafOfRow } from './ledger-leaf.js'
import { type Standing, frozenLedger, liveLedger } from './ledger-rows.js'
import { StoredTables } from './stored-tables.js'

type HashTile = { readonly level: number; readonly index: number; readonly width: number }
/** More than any proof needs. */
const mostTiles = 100

/** A checkpoint as it was signed. */
export type SignedCheckpoint = { readonly size: number; readonly note: string; readonly signedAt: string }
/** An event's way into the ledger: it is not a leaf yet, no checkpoint covers it yet, or there is a proof. */
export type Covered =
  | { readonly kind: 'waiting'; readonly index: number | undefined }
  | { readonly kind: 'proved'; readonly index: number; readonly size: number; readonly proof: string }

/**
 * What the ledger holds, for those who check it. Proofs are for a checkpoint that was signed, never for a size in between. Everything
 * @throws StoreUnavailable when the database does not answer.
 */
export class LedgerReader {
  /** @param isPublished whether a checkpoint may be shown, by its note with the signatures of witnesses; all may, where it is not given. */
  constructor(
    private readonly sql: Sql,
    private readonly isPublished?: (note: string) => boolean,
  ) {}

  /** The rows themselves. */
  get stored(): StoredTables {
    return new StoredTables(this.sql)
  }
  standing(): Promise<Standing | undefined> {
    return this.#answered(liveLedger(this.sql))
  }

  /** The ledger before this one, where one was frozen, as it was signed last. */
  async before(): Promise<SignedCheckpoint | undefined> {
    const frozen = await this.#answered(frozenLedger(this.sql))
    return frozen && this.signed(frozen.log)
  }

  /**
   * The newest checkpoint that may be shown, with the signatures of the witnesses that saw it; or, where `isEnough` is given, the newest
   * of which it says so.
   */
  async checkpoint(log: number, isEnough = this.isPublished): Promise<SignedCheckpoint | undefined> {
    return isEnough ? (await this.#checkpoints(this.sql`where c.log = ${log}`, 100)).find(({ note }) => isEnough(note)) : this.signed(log)
  }

  /** The ledger with the newest checkpoint that may be shown. Undefined where there is none. */
  async newest(): Promise<{ readonly log: number; readonly origin: string; readonly checkpoint: SignedCheckpoint } | undefined> {
    const standing = await this.standing()
    const checkpoint = standing && (await this.checkpoint(standing.log))
    return checkpoint && { log: standing.log, origin: standing.origin, checkpoint }
  }

  /** The newest checkpoint, whoever saw it. */
  async signed(log: number): Promise<SignedCheckpoint | undefined> {
    return (await this.#checkpoints(this.sql`where c.log = ${log}`, 1))[0]
  }

  /** Newest first. */
  async #checkpoints(which: PendingQuery<Row[]>, limit: number): Promise<readonly SignedCheckpoint[]> {
    const rows = await this.#answered(this.sql<{ size: string; note: string; signed_at: Date; lines: string | null }[]>`
      select c.size, c.note, c.signed_at,
        (select string_agg(s.line, '' order by s.witness) from ledger.cosignature s where s.log = c.log and s.size = c.size) as lines
      from ledger.checkpoint c ${which} order by c.size desc limit ${limit}`)
    return rows.map(({ size, note, signed_at, lines }) => ({
      size: Number(size),
      note: note + (lines ?? ''),
      signedAt: signed_at.toISOString(),
    }))
  }

  /** Every checkpoint that was signed. */
  async checkpoints(log: number): Promise<readonly SignedCheckpoint[]> {
    return (await this.#checkpoints(this.sql`where c.log = ${log}`, 10_000_000)).toReversed()
  }

  /** The last checkpoint of each day before a size: what a bundle shows of the ledger's past. */
  async history(log: number, before: number): Promise<readonly SignedCheckpoint[]> {
    return (
      await this.#checkpoints(
        this.sql`where c.log = ${log} and c.size in (
      select max(size) from ledger.checkpoint where log = ${log} and size < ${String(before)}
        group by date_trunc('day', signed_at at time zone 'UTC'))`,
        10_000_000,
      )
    ).toReversed()
  }

  /** The newest checkpoints, with who saw each. */
  async anchors(
    log: number,
    limit: number,
  ): Promise<
    readonly {
      readonly size: number
      readonly signedAt: string
      readonly witnesses: readonly string[]
      readonly stampedAt: string | undefined
    }[]
  > {
    const rows = await this.#answered(this.sql<{ size: string; signed_at: Date; witnesses: string[]; stamped_at: Date | null }[]>`
      select c.size, c.signed_at, t.stamped_at,
        array(select s.witness from ledger.cosignature s where s.log = c.log and s.size = c.size order by s.witness) as witnesses
      from ledger.checkpoint c left join ledger.time_stamp t using (log, size) where c.log = ${log} order by c.size desc limit ${limit}`)
    return rows.map(({ size, signed_at, witnesses, stamped_at }) => ({
      size: Number(size),
      signedAt: signed_at.toISOString(),
      witnesses,
      stampedAt: stamped_at?.toISOString(),
    }))
  }

  /** The time stamp that came last. */
  async lastStamp(log: number): Promise<{ readonly size: number; readonly stampedAt: string } | undefined> {
    const [row] = await this.#answered(
      this.sql<
        { size: string; stamped_at: Date }[]
      >`select size, stamped_at from ledger.time_stamp where log = ${log} order by size desc limit 1`,
    )
    return row && { size: Number(row.size), stampedAt: row.stamped_at.toISOString() }
  }

  /** The last time stamp of each day up to a size: what a bundle shows. */
  async stamps(log: number, upTo: number): Promise<readonly { readonly size: number; readonly note: string; readonly token: Buffer }[]> {
    const rows = await this.#answered(this.sql<
      { size: string; note: string; token: Buffer }[]
    >`select size, note, token from ledger.time_stamp where log = ${log} and size in (
      select max(size) from ledger.time_stamp where log = ${log} and size <= ${String(upTo)}
        group by date_trunc('day', stamped_at at time zone 'UTC')) order by size`)
    return rows.map(({ size, note, token }) => ({ size: Number(size), note, token }))
  }

  /** The hashes of a tile, as many as asked for: undefined where the log does not have that many. */
  async tile(log: number, { level, index, width }: TilePlace): Promise<Buffer | undefined> {
    if (level === 'entries') return this.#entries(log, index, width)
    const [hashes] = await this.#hashesAt(log, [{ level, index, width }])
    return hashes
  }

  /** One statement, so that a tile that is completed meanwhile is found in one place or the other. */
  async #hashesAt(log: number, places: readonly HashTile[]): Promise<readonly (Buffer | undefined)[]> {
    const rows = await this.#answered(this.sql<{ level: number; idx: string | null; hashes: Buffer; size: string }[]>`
      select asked.level, asked.idx, t.hashes, null as size
      from unnest(${places.map(({ level }) => level)}::int[], ${places.map(({ index }) => String(index))}::bigint[]) as asked (level, idx)
        cross join lateral (select hashes from ledger.tile where log = ${log} and level = asked.level and idx = asked.idx) t
      union all select e.level, null, e.hashes, l.size from ledger.edge e join ledger.log l using (log) where log = ${log}`)
    return places.map(({ level, index, width }) => {
      const hashes = rows.find(
        row =>
          row.level === level
          && (row.idx === null ? Math.floor(Number(row.size) / tileWidth ** (level + 1)) === index : Number(row.idx) === index),
      )?.hashes
      return hashes && hashes.length >= width * 32 ? hashes.subarray(0, width * 32) : undefined
    })
  }

  async #entries(log: number, index: number, width: number): Promise<Buffer | undefined> {
    const leaves = await this.leaves(log, index * tileWidth, width)
    return leaves.length < width ? undefined : entryBundle(leaves)
  }

  /** Leaves in their order, from an index on. */
  async leaves(log: number, from: number, limit: number): Promise<readonly LedgerLeaf[]> {
    const rows = await this.#answered(
      this.sql<LeafRow[]>`
        select idx, entry, leaf_hash, event_id, stream, rev, position from ledger.leaf where log = ${log} and idx >= ${String(from)}
        order by idx limit ${limit}`,
    )
    return rows.map(leafOfRow)
  }

  async leafOfEvent(log: number, eventId: string): Promise<LedgerLeaf | undefined> {
    // By the event first: a planner that has not yet counted the leaves would rather read the index of the whole log beside.
    const [row] = await this.#answered(this.sql<LeafRow[]>`
      with named as materialized (select * from ledger.leaf where event_id = ${eventId})
      select idx, entry, leaf_hash, event_id, stream, rev, position from named where log = ${log} order by idx limit 1`)
    return row && leafOfRow(row)
  }

  /**
   * The proof that an event is in the ledger, by the newest checkpoint. Its extra data are the leaf itself or, for whoever may not see
   * that, the 32 bytes of its hash.
   */
  async proofOf(log: number, eventId: string, shows: 'entry' | 'hash' = 'entry', by?: SignedCheckpoint): Promise<Covered> {
    const [leaf, checkpoint] = await Promise.all([this.leafOfEvent(log, eventId), by ?? this.checkpoint(log)])
    if (!leaf || !checkpoint || checkpoint.size <= leaf.index) return { kind: 'waiting', index: leaf?.index }
    const hashes = await proveInclusion(leaf.index, checkpoint.size, this.#tiles(log))
    return {
      kind: 'proved',
      index: leaf.index,
      size: checkpoint.size,
      proof: tlogProofText({
        index: leaf.index,
        hashes,
        checkpoint: checkpoint.note,
        extra: shows === 'entry' ? leaf.entry : Buffer.from(leafHash(leaf.entry)),
      }),
    }
  }

  /** The leaves that a seed draws from those below a checkpoint's size: see `Draw`. */
  draw(log: number, draw: Draw, seed: string, wanted: number): Promise<Drawn> {
    return this.#answered(drawLeaves(this.sql, log, draw, seed, wanted))
  }

  /** The proof that an event is in the ledger, whichever it is now, by the newest checkpoint of which `isEnough` says so: see `proofOf`. */
  async proof(eventId: string, shows?: 'entry' | 'hash', isEnough = this.isPublished): Promise<Covered> {
    const standing = await this.standing()
    const checkpoint = standing && (await this.checkpoint(standing.log, isEnough))
    return standing && checkpoint ? this.proofOf(standing.log, eventId, shows, checkpoint) : { kind: 'waiting', index: undefined }
  }

  /** @throws RangeError for sizes between which nothing can be proved. */
  consistency(log: number, from: number, to: number): Promise<readonly Hash[]> {
    return proveConsistency(from, to, this.#tiles(log))
  }

  rootAt(log: number, size: number): Promise<Hash> {
    return rootFromTiles(size, this.#tiles(log))
  }

  /** What a proof asks for in one go is one question. */
  #tiles(log: number): TileReader {
    const together = new Batched<HashTile, Buffer | undefined>(places => this.#hashesAt(log, places), mostTiles)
    return async (level, index, width) => (await together.one({ level, index, width })) ?? Buffer.alloc(0)
  }

  async #answered<T>(query: Promise<T>): Promise<T> {
    try {
      return await query
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }
}
