/** A leaf as it is stored. */
export type LedgerLeaf = {
  readonly index: number
  readonly entry: Buffer
  readonly hash: Buffer
  readonly eventId: string
  readonly position: bigint
}

export type LeafRow = { idx: string; entry: Buffer; leaf_hash: Buffer; event_id: string; position: string }
export const leafOfRow = ({ idx, entry, leaf_hash, event_id, position }: LeafRow): LedgerLeaf => ({
  index: Number(idx),
  entry,
  hash: leaf_hash,
  eventId: event_id,
  position: BigInt(position),
})

/** Entries as c2sp.org/tlog-tiles bundles them: each is preceded by its length in two bytes. */
export const entryBundle = (leaves: readonly LedgerLeaf[]) => Buffer.concat(leaves.flatMap(({ entry }) => [lengthOf(entry), entry]))

function lengthOf(entry: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(entry.length)
  return length
}
