import type { Sql } from 'postgres'
import { type Checkpoint, parseCheckpointText } from '#merkle/checkpoint'
import { FormatError, SignatureRefused, Unsupported } from '#merkle/format-error'
import { openNote, parseNote } from '#merkle/note'
import type { VerifierKey } from '#merkle/note-key'
import { tileWidth, widthIn } from '#merkle/tile'
import { type FullTile, TreeEdge, perfectRoot } from '#merkle/tree-edge'
import { type Hash, hashSize, sameHash } from '#merkle/tree-hash'
import { LedgerAltered } from '../ledger-altered.js'
import { type LastLeaf, lastOfStreams, trusted } from './last-of-streams.js'
import type { LedgerLeaf } from './ledger-leaf.js'
import { LedgerReader, type SignedCheckpoint } from './ledger-reader.js'
import { type Standing, edgeRows } from './ledger-rows.js'

/** How a ledger has grown since it was signed last. */
export type Grown = {
  readonly edge: TreeEdge
  /** When the store took the last event that is a leaf; undefined where there is none. */ readonly lastCreated: string | undefined
}
const pageSize = 1_000

/**
 * What would be signed next, recomputed: from the root that was signed last, which the tiles have to make, through the bytes of every leaf
 * since. Each leaf follows the last one of its stream, which is proved where it was signed before; tiles and columns say the same.
 * @param signed the newest checkpoint, read before `standing`. @param keys of which one signed it, where they are known. @throws
 * LedgerAltered where anything differs
 */
export async function grownSince(
  sql: Sql,
  standing: Standing,
  signed: SignedCheckpoint | undefined,
  keys?: readonly VerifierKey[],
): Promise<Grown> {
  const { log, origin, size } = standing
  const reader = new LedgerReader(sql)
  const edge = await signedEdge(reader, standing, signed, keys)
  const before = new SignedTiles(reader, log, edge.size, edge.tiles)
  const chain = new Chain(sql, standing, before)
  let last: LedgerLeaf | undefined = edge.size > 0 ? (await reader.leaves(log, edge.size - 1, 1))[0] : undefined
  if (last?.index === edge.size - 1 && !sameHash(trusted(last, origin).hash, await before.leaf(last.index)))
    throw new LedgerAltered(`the leaf ${last.index} is not the one that was signed`)
  while (edge.size < size) {
    const leaves = await reader.leaves(log, edge.size, Math.min(pageSize, size - edge.size))
    if (leaves.length === 0) break
    const tiles: FullTile[] = []
    for (const [n, read] of (await chain.links(leaves)).entries()) {
      const leaf = leaves[n] as LedgerLeaf
      if (leaf.index !== edge.size) throw new LedgerAltered(`the leaf ${edge.size} is gone`)
      if (last && leaf.position <= last.position) throw new LedgerAltered(`the leaf ${leaf.index} does not come after the one before it`)
      tiles.push(...edge.append(read))
      last = leaf
    }
    for (const tile of tiles) assertSame(tile, await reader.tile(log, { ...tile, width: tileWidth }))
  }
  for (const [level, hashes] of edge.tiles.entries())
    if (hashes.length > 0) {
      const index = Math.floor(size / tileWidth ** (level + 1))
      assertSame({ level, index, hashes: Buffer.concat(hashes) }, await reader.tile(log, { level, index, width: hashes.length }))
    }
  if (edge.size !== size || (last?.index ?? -1) !== size - 1)
    throw new LedgerAltered(`it says that it has ${size} leaves, and the last of them is gone`)
  if (last && (last.position !== standing.position || last.eventId !== standing.eventId))
    throw new LedgerAltered('what it says of its last event is not what its last leaf says')
  return { edge, lastCreated: last && trusted(last, origin).header.created }
}

/**
 * The same for the one writer, whom nobody writes beside: nothing stands beyond the end either. Answers what it goes on from. @throws
 * LedgerAltered
 */
export async function standsWell(sql: Sql, standing: Standing): Promise<Grown> {
  const { log, size } = standing
  const grown = await grownSince(sql, standing, await new LedgerReader(sql).signed(log))
  const rows = await edgeRows(sql, log)
  for (const [level, stored] of rows)
    if (!stored.equals(Buffer.concat(grown.edge.tiles[level] ?? [])))
      throw new LedgerAltered(`the unfinished tile of level ${level} is not that of its leaves`)
  const [beyond] = await sql<{ there: boolean }[]>`select exists (select from ledger.leaf where log = ${log} and idx >= ${String(size)})
    or exists (select from ledger.tile where log = ${log} and (idx + 1) * (256::numeric ^ (level + 1)) > ${String(size)}::numeric) as there`
  if (beyond?.there) throw new LedgerAltered(`it holds leaves or tiles beyond the ${size} leaves that it says it has`)
  return grown
}

/** The right edge of the tree that was signed last. @throws LedgerAltered unless its tiles make the root that was signed */
async function signedEdge(
  reader: LedgerReader,
  { log, origin, size }: Standing,
  signed: SignedCheckpoint | undefined,
  keys: readonly VerifierKey[] | undefined,
): Promise<TreeEdge> {
  if (!signed) return new TreeEdge()
  const what = `the checkpoint of ${signed.size} leaves`
  const checkpoint = read(what, signed.note, keys)
  if (checkpoint.size !== signed.size || checkpoint.origin !== origin) throw new LedgerAltered(`${what} is one of another ledger or size`)
  if (signed.size > size) throw new LedgerAltered(`it says that it has ${size} leaves, and holds ${what}`)
  const tiles: Hash[][] = []
  for (let level = 0; signed.size >= tileWidth ** level; level++) {
    const index = Math.floor(signed.size / tileWidth ** (level + 1))
    const width = widthIn(signed.size, level, index)
    tiles.push(width === 0 ? [] : hashesOf(await reader.tile(log, { level, index, width }), width))
  }
  if (tiles.some((tile, level) => tile.length !== Math.floor(signed.size / tileWidth ** level) % tileWidth))
    throw new LedgerAltered(`tiles that make the root of ${what} are gone`)
  const edge = new TreeEdge(signed.size, tiles)
  if (!sameHash(edge.root(), checkpoint.root)) throw new LedgerAltered(`its tiles do not make the root that was signed with ${what}`)
  return edge
}

function read(what: string, note: string, keys: readonly VerifierKey[] | undefined): Checkpoint {
  try {
    return parseCheckpointText((keys ? openNote(note, keys) : parseNote(note)).text)
  } catch (error) {
    if (error instanceof FormatError || error instanceof SignatureRefused || error instanceof Unsupported)
      throw new LedgerAltered(`${what}: ${error.message}`)
    throw error
  }
}

const hashesOf = (bytes: Buffer | undefined, width: number): Hash[] =>
  bytes?.length === width * hashSize ? Array.from({ length: width }, (_, n) => bytes.subarray(n * hashSize, (n + 1) * hashSize)) : []

function assertSame({ level, index, hashes }: FullTile, stored: Buffer | undefined) {
  if (!stored?.equals(hashes)) throw new LedgerAltered(`the tile ${level}/${index} is not that of its leaves`)
}

/** Each leaf by its own bytes, and after the last one of its stream. */
class Chain {
  readonly #last = new Map<string, string>()

  constructor(
    private readonly sql: Sql,
    private readonly standing: Standing,
    private readonly before: SignedTiles,
  ) {}

  /** The hashes of these leaves. @throws LedgerAltered */
  async links(leaves: readonly LedgerLeaf[]): Promise<readonly Hash[]> {
    const read = leaves.map(leaf => ({ leaf, ...trusted(leaf, this.standing.origin) }))
    const met = [...new Set(read.map(({ header }) => header.stream))].filter(stream => !this.#last.has(stream))
    for (const [stream, last] of await lastOfStreams(this.sql, this.standing, met, this.before.size)) {
      await this.#prove(last)
      this.#last.set(stream, last.hash)
    }
    return read.map(({ leaf, header, hash }) => {
      if (header.prev !== (this.#last.get(header.stream) ?? ''))
        throw new LedgerAltered(`the leaf ${leaf.index} does not follow the leaf of its stream before it`)
      this.#last.set(header.stream, Buffer.from(hash).toString('base64'))
      return hash
    })
  }

  async #prove({ index, leafHash }: LastLeaf) {
    if (!sameHash(await this.before.leaf(index), leafHash)) throw new LedgerAltered(`the leaf ${index} is not the one that was signed`)
  }
}

/** The tiles under a root that was signed, each held against the one above it. */
class SignedTiles {
  readonly #known = new Map<string, Promise<readonly Hash[]>>()

  constructor(
    private readonly reader: LedgerReader,
    private readonly log: number,
    readonly size: number,
    /** Of which the root is made. */ private readonly edge: readonly (readonly Hash[])[],
  ) {}

  /** @throws LedgerAltered where a tile is not the one that was signed */
  async leaf(index: number): Promise<Hash> {
    return (await this.#tile(0, Math.floor(index / tileWidth)))[index % tileWidth] as Hash
  }

  #tile(level: number, index: number): Promise<readonly Hash[]> {
    if (index === Math.floor(this.size / tileWidth ** (level + 1))) return Promise.resolve(this.edge[level] ?? [])
    const name = `${level}/${index}`
    const known = this.#known.get(name) ?? this.#held(level, index)
    this.#known.set(name, known)
    return known
  }

  async #held(level: number, index: number): Promise<readonly Hash[]> {
    const hashes = hashesOf(await this.reader.tile(this.log, { level, index, width: tileWidth }), tileWidth)
    const above = (await this.#tile(level + 1, Math.floor(index / tileWidth)))[index % tileWidth]
    if (!above || hashes.length === 0 || !sameHash(perfectRoot(hashes), above))
      throw new LedgerAltered(`the tile ${level}/${index} is not the one that was signed`)
    return hashes
  }
}
