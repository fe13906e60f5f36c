import type { PendingQuery, Row, Sql } from 'postgres'
import { StoreUnavailable } from '#event-store/event-store'
import { type TileReader, proveConsistency, proveInclusion, rootFromTiles } from '#merkle/proof'
import { type TilePlace, tileWidth } from '#merkle/tile'
import { type Hash, leafHash } from '#merkle/tree-hash'
import { tlogProofText } from '#merkle/tlog-proof'
import { type Standing, liveLedger } from './ledger-rows.js'

/** A checkpoint as it was signed. */
export type SignedCheckpoint = { readonly size: number; readonly note: string; readonly signedAt: string }
export type LedgerLeaf = { readonly index: number; readonly entry: Buffer; readonly hash: Buffer; readonly eventId: string; readonly position: bigint }
/** An event's way into the ledger: it is not a leaf yet, no checkpoint covers it yet, or there is a proof. */
export type Covered = { readonly kind: 'waiting'; readonly index: number | undefined } | { readonly kind: 'proved'; readonly index: number; readonly size: number; readonly proof: string }

/** What the ledger holds, for those who check it. Proofs are for a checkpoint that was signed, never for a size in between. Everything @throws StoreUnavailable when the database does not answer. */
export class LedgerReader {
  /** @param isPublished whether a checkpoint may be shown, by its note with the signatures of witnesses; all may, where it is not given. */
  constructor(private readonly sql: Sql, private readonly isPublished?: (note: string) => boolean) {}

  standing(): Promise<Standing | undefined> { return this.#answered(liveLedger(this.sql)) }

  /** The newest checkpoint that may be shown, with the signatures of the witnesses that saw it. */
  async checkpoint(log: number): Promise<SignedCheckpoint | undefined> {
    const { isPublished } = this
    return isPublished ? (await this.#checkpoints(this.sql`where c.log = ${log}`, 100)).find(({ note }) => isPublished(note)) : this.signed(log)
  }

  /** The newest checkpoint, whoever saw it. */
  async signed(log: number): Promise<SignedCheckpoint | undefined> { return (await this.#checkpoints(this.sql`where c.log = ${log}`, 1))[0] }

  /** Newest first. */
  async #checkpoints(which: PendingQuery<Row[]>, limit: number): Promise<readonly SignedCheckpoint[]> {
    const rows = await this.#answered(this.sql<{ size: string; note: string; signed_at: Date; lines: string | null }[]>`
      select c.size, c.note, c.signed_at, (select string_agg(s.line, '' order by s.witness) from ledger.cosignature s where s.log = c.log and s.size = c.size) as lines
      from ledger.checkpoint c ${which} order by c.size desc limit ${limit}`)
    return rows.map(({ size, note, signed_at, lines }) => ({ size: Number(size), note: note + (lines ?? ''), signedAt: signed_at.toISOString() }))
  }

  /** Every checkpoint that was signed. */
  async checkpoints(log: number): Promise<readonly SignedCheckpoint[]> {
    return (await this.#checkpoints(this.sql`where c.log = ${log}`, 10_000_000)).toReversed()
  }

  /** The last checkpoint of each day before a size: what a bundle shows of the ledger's past. */
  async history(log: number, before: number): Promise<readonly SignedCheckpoint[]> {
    return (await this.#checkpoints(this.sql`where c.log = ${log} and c.size in (
      select max(size) from ledger.checkpoint where log = ${log} and size < ${String(before)} group by date_trunc('day', signed_at at time zone 'UTC'))`, 10_000_000)).toReversed()
  }

  /** The hashes of a tile, as many as asked for: undefined where the log does not have that many. */
  async tile(log: number, { level, index, width }: TilePlace): Promise<Buffer | undefined> {
    if (level === 'entries') return this.#entries(log, index, width)
    // One statement, so that a tile that is completed meanwhile is found in one place or the other.
    const rows = await this.#answered(this.sql<{ hashes: Buffer; size: string | null }[]>`
      select hashes, null as size from ledger.tile where log = ${log} and level = ${level} and idx = ${String(index)}
      union all select e.hashes, l.size from ledger.edge e join ledger.log l using (log) where log = ${log} and level = ${level}`)
    const full = rows.find(({ size }) => size === null)
    const edge = rows.find(({ size }) => size !== null)
    const isEdge = edge && Math.floor(Number(edge.size) / tileWidth ** (level + 1)) === index
    const hashes = full?.hashes ?? (isEdge ? edge.hashes : undefined)
    return hashes && hashes.length >= width * 32 ? hashes.subarray(0, width * 32) : undefined
  }

  async #entries(log: number, index: number, width: number): Promise<Buffer | undefined> {
    const leaves = await this.leaves(log, index * tileWidth, width)
    return leaves.length < width ? undefined : entryBundle(leaves)
  }

  /** Leaves in their order, from an index on. */
  async leaves(log: number, from: number, limit: number): Promise<readonly LedgerLeaf[]> {
    const rows = await this.#answered(this.sql<LeafRow[]>`select idx, entry, leaf_hash, event_id, position from ledger.leaf where log = ${log} and idx >= ${String(from)} order by idx limit ${limit}`)
    return rows.map(leafOfRow)
  }

  async leafOfEvent(log: number, eventId: string): Promise<LedgerLeaf | undefined> {
    const [row] = await this.#answered(this.sql<LeafRow[]>`select idx, entry, leaf_hash, event_id, position from ledger.leaf where log = ${log} and event_id = ${eventId} order by idx limit 1`)
    return row && leafOfRow(row)
  }

  /** The proof that an event is in the ledger, by the newest checkpoint. Its extra data are the leaf itself or, for whoever may not see that, the 32 bytes of its hash. */
  async proofOf(log: number, eventId: string, shows: 'entry' | 'hash' = 'entry', by?: SignedCheckpoint): Promise<Covered> {
    const leaf = await this.leafOfEvent(log, eventId)
    const checkpoint = by ?? await this.checkpoint(log)
    if (!leaf || !checkpoint || checkpoint.size <= leaf.index) return { kind: 'waiting', index: leaf?.index }
    const hashes = await proveInclusion(leaf.index, checkpoint.size, this.#tiles(log))
    return { kind: 'proved', index: leaf.index, size: checkpoint.size, proof: tlogProofText({ index: leaf.index, hashes, checkpoint: checkpoint.note, extra: shows === 'entry' ? leaf.entry : Buffer.from(leafHash(leaf.entry)) }) }
  }

  /** @throws RangeError for sizes between which nothing can be proved. */
  consistency(log: number, from: number, to: number): Promise<readonly Hash[]> { return proveConsistency(from, to, this.#tiles(log)) }

  rootAt(log: number, size: number): Promise<Hash> { return rootFromTiles(size, this.#tiles(log)) }

  #tiles(log: number): TileReader {
    return async (level, index, width) => await this.tile(log, { level, index, width }) ?? Buffer.alloc(0)
  }

  async #answered<T>(query: Promise<T>): Promise<T> {
    try { return await query } catch (error) { throw new StoreUnavailable(error) }
  }
}

type LeafRow = { idx: string; entry: Buffer; leaf_hash: Buffer; event_id: string; position: string }
const leafOfRow = ({ idx, entry, leaf_hash, event_id, position }: LeafRow): LedgerLeaf => ({ index: Number(idx), entry, hash: leaf_hash, eventId: event_id, position: BigInt(position) })

/** Entries as c2sp.org/tlog-tiles bundles them: each is preceded by its length in two bytes. */
export const entryBundle = (leaves: readonly LedgerLeaf[]) => Buffer.concat(leaves.flatMap(({ entry }) => [lengthOf(entry), entry]))

function lengthOf(entry: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(entry.length)
  return length
}
