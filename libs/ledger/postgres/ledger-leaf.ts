import { type Hash, leafHash, sameHash } from '#merkle/tree-hash'
import { type LeafHeader, parseEntry } from '#verifier/leaf-header'

/** A leaf as it is stored: its entry, and columns beside it that say again what the entry says. */
export type LedgerLeaf = {
  readonly index: number
  readonly entry: Buffer
  readonly hash: Buffer
  readonly eventId: string
  readonly stream: string
  readonly revision: bigint
  readonly position: bigint
}

/** Anything but its index may be missing once somebody took a constraint away. */
type Columns = { entry: Buffer; leaf_hash: Buffer; event_id: string; stream: string; rev: string; position: string }
export type LeafRow = { idx: string } & { [C in keyof Columns]: Columns[C] | null }
/** What is missing is told as what no leaf has, so that it is found to be wrong. */
export const leafOfRow = ({ idx, entry, leaf_hash, event_id, stream, rev, position }: LeafRow): LedgerLeaf => ({
  index: Number(idx),
  entry: entry ?? Buffer.alloc(0),
  hash: leaf_hash ?? Buffer.alloc(0),
  eventId: event_id ?? '',
  stream: stream ?? '',
  revision: BigInt(rev ?? -1),
  position: BigInt(position ?? -1),
})

/** Of every column beside an entry, what the entry itself makes it. */
const beside: { readonly [C in Exclude<keyof LedgerLeaf, 'index' | 'entry' | 'hash'>]: (header: LeafHeader) => LedgerLeaf[C] } = {
  eventId: ({ id }) => id,
  stream: ({ stream }) => stream,
  revision: ({ rev }) => BigInt(rev),
  position: ({ pos }) => BigInt(pos),
}
/** What a leaf says, by its bytes alone; and in words what its row says otherwise, where it does. */
export type ReadLeaf = {
  readonly header: LeafHeader
  readonly hash: Hash
  readonly wrong: { readonly of: 'hash' | 'columns' | 'ledger'; readonly what: string } | undefined
}

/** @throws FormatError, Unsupported for an entry that is none */
export function readLeaf(leaf: LedgerLeaf, origin: string): ReadLeaf {
  const [header, hash] = [parseEntry(leaf.entry), leafHash(leaf.entry)]
  return { header, hash, wrong: wrongWith(leaf, header, hash, origin) }
}

function wrongWith(leaf: LedgerLeaf, header: LeafHeader, hash: Hash, origin: string): ReadLeaf['wrong'] {
  if (!sameHash(hash, leaf.hash)) return { of: 'hash', what: 'Its entry was changed: it no longer has the hash that was stored with it' }
  const columns = Object.keys(beside) as (keyof typeof beside)[]
  if (columns.some(column => beside[column](header) !== leaf[column]))
    return { of: 'columns', what: 'The columns beside its entry say something else' }
  return header.log === origin ? undefined : { of: 'ledger', what: 'It is a leaf of another ledger' }
}

/** Entries as c2sp.org/tlog-tiles bundles them: each is preceded by its length in two bytes. */
export const entryBundle = (leaves: readonly LedgerLeaf[]) => Buffer.concat(leaves.flatMap(({ entry }) => [lengthOf(entry), entry]))

function lengthOf(entry: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(entry.length)
  return length
}
