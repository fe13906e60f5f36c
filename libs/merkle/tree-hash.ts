import { createHash } from 'node:crypto'

/** SHA-256, 32 bytes. */
export type Hash = Uint8Array
export const hashSize = 32

const leafPrefix = Buffer.from([0])
const nodePrefix = Buffer.from([1])

/** RFC 6962 section 2.1: SHA-256(0x00 || entry). */
export const leafHash = (entry: Uint8Array): Hash => createHash('sha256').update(leafPrefix).update(entry).digest()
/** RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export const nodeHash = (left: Hash, right: Hash): Hash => createHash('sha256').update(nodePrefix).update(left).update(right).digest()
/** The root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot = (): Hash => createHash('sha256').digest()
export const sameHash = (a: Hash, b: Hash) => Buffer.compare(a, b) === 0

/** The root over the perfect subtrees that a tree consists of, the largest first. @throws RangeError for none. */
export function foldPeaks(peaks: readonly Hash[]): Hash {
  const last = peaks.at(-1)
  if (!last) throw new RangeError('a tree without leaves has no peaks')
  return peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last)
}

/** Exact for every safe integer from 1: Math.log2 rounds. */
export const floorLog2 = (n: number) => n.toString(2).length - 1
