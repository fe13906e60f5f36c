import { sha256 } from './sha256.js'

/** SHA-256, 32 bytes. */
export type Hash = Uint8Array
export const hashSize = 32

const leafPrefix = Buffer.from([0])
/** Both children and their prefix in one place: hashing three parts one by one takes a third longer. */
const pair = Buffer.alloc(1 + 2 * hashSize, 1)

/** RFC 6962 section 2.1: SHA-256(0x00 || entry). A text is its bytes in UTF-8. */
export const leafHash = (entry: string | Uint8Array): Buffer =>
  sha256(typeof entry === 'string' ? `\0${entry}` : Buffer.concat([leafPrefix, entry]))
/** RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export function nodeHash(left: Hash, right: Hash): Hash {
  if (left.length !== hashSize || right.length !== hashSize) throw new RangeError('a hash is 32 bytes')
  pair.set(left, 1)
  pair.set(right, 1 + hashSize)
  return sha256(pair)
}
/** The root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot = (): Hash => sha256('')
export const sameHash = (a: Hash, b: Hash) => Buffer.compare(a, b) === 0

/** The root over the perfect subtrees that a tree consists of, the largest first. @throws RangeError for none. */
export function foldPeaks(peaks: readonly Hash[]): Hash {
  const last = peaks.at(-1)
  if (!last) throw new RangeError('a tree without leaves has no peaks')
  return peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last)
}

/** Exact for every safe integer from 1: Math.log2 rounds. */
export const floorLog2 = (n: number) => n.toString(2).length - 1
