import { FormatError } from './format-error.js'
import { tileWidth, widthIn } from './tile.js'
import { type Hash, emptyRoot, floorLog2, foldPeaks, hashSize, nodeHash, sameHash } from './tree-hash.js'
import { perfectRoot } from './tree-edge.js'

/** The bytes of a tile: as many hashes of 32 bytes as its width, in their order. */
export type TileReader = (level: number, index: number, width: number) => Promise<Uint8Array>
type Range = { readonly from: number; readonly to: number }

/** Whether a leaf is at this index of the tree with this size and root: RFC 9162 section 2.1.3.2. */
export function verifyInclusion(index: number, size: number, leaf: Hash, proof: readonly Hash[], root: Hash): boolean {
  if (!areSizes(index, size) || index >= size || !areHashes([leaf, root, ...proof])) return false
  let [at, last, hash] = [index, size - 1, leaf]
  for (const sibling of proof) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else hash = nodeHash(hash, sibling)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && sameHash(hash, root)
}

/**
 * Whether the tree of the second size and root begins with the tree of the first: RFC 9162 section 2.1.4.2. Trees of one size are
 * consistent when their roots are the same and the proof is empty. Nothing is proved from size 0: such a proof is refused.
 */
export function verifyConsistency(first: number, second: number, proof: readonly Hash[], firstRoot: Hash, secondRoot: Hash): boolean {
  if (!areSizes(first, second) || first === 0 || first > second || !areHashes([firstRoot, secondRoot, ...proof])) return false
  if (first === second) return proof.length === 0 && sameHash(firstRoot, secondRoot)
  const path = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof
  const [start] = path
  if (!start || proof.length === 0) return false
  let [at, last, before, after] = [first - 1, second - 1, start, start]
  while (at % 2 === 1) [at, last] = [half(at), half(last)]
  for (const hash of path.slice(1)) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      before = nodeHash(hash, before)
      after = nodeHash(hash, after)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else after = nodeHash(after, hash)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && sameHash(before, firstRoot) && sameHash(after, secondRoot)
}

/**
 * The hashes that lead from a leaf to the root of the tree of this size, from the leaf's sibling upwards. @throws RangeError; FormatError
 * for a tile of another width.
 */
export async function proveInclusion(index: number, size: number, tiles: TileReader): Promise<readonly Hash[]> {
  if (!areSizes(index, size) || index >= size) throw new RangeError(`no leaf ${index} in a tree of ${size}`)
  const aside: Range[] = []
  for (let [from, to] = [0, size]; to - from > 1;) {
    const middle = from + split(to - from)
    if (index < middle) {
      aside.push({ from: middle, to })
      to = middle
    } else {
      aside.push({ from, to: middle })
      from = middle
    }
  }
  return hashesOf(aside.reverse(), size, tiles)
}

/**
 * The hashes that show that the tree of the second size begins with that of the first. @throws RangeError from size 0 or to a smaller
 * one; FormatError for a tile of another width.
 */
export async function proveConsistency(first: number, second: number, tiles: TileReader): Promise<readonly Hash[]> {
  if (!areSizes(first, second) || first === 0 || first > second) throw new RangeError(`no proof of consistency from ${first} to ${second}`)
  const aside: Range[] = []
  let [from, to] = [0, second]
  while (to !== first) {
    const middle = from + split(to - from)
    if (first <= middle) {
      aside.push({ from: middle, to })
      to = middle
    } else {
      aside.push({ from, to: middle })
      from = middle
    }
  }
  if (from > 0) aside.push({ from, to })
  return hashesOf(aside.reverse(), second, tiles)
}

/** The root of the tree of this size. @throws FormatError for a tile of another width. */
export async function rootFromTiles(size: number, tiles: TileReader): Promise<Hash> {
  if (size === 0) return emptyRoot()
  const [root] = await hashesOf([{ from: 0, to: size }], size, tiles)
  return root as Hash
}

async function hashesOf(ranges: readonly Range[], size: number, tiles: TileReader): Promise<readonly Hash[]> {
  const read = new Map<string, Promise<readonly Hash[]>>()
  const tile = (level: number, index: number) => {
    const known = read.get(`${level}/${index}`) ?? tileOf(level, index, widthIn(size, level, index), tiles)
    read.set(`${level}/${index}`, known)
    return known
  }
  return Promise.all(
    ranges.map(async range =>
      foldPeaks(
        await Promise.all(
          perfectParts(range).map(async ({ height, index }) => {
            const [level, width] = [Math.floor(height / 8), 2 ** (height % 8)]
            const first = index * width
            const hashes = await tile(level, Math.floor(first / tileWidth))
            return perfectRoot(hashes.slice(first % tileWidth, (first % tileWidth) + width))
          }),
        ),
      ),
    ),
  )
}

async function tileOf(level: number, index: number, width: number, tiles: TileReader): Promise<readonly Hash[]> {
  const bytes = await tiles(level, index, width)
  if (bytes.length !== width * hashSize) throw new FormatError(`The tile ${level}/${index} must hold ${width} hashes`)
  return Array.from({ length: width }, (_, n) => bytes.subarray(n * hashSize, (n + 1) * hashSize))
}

/** A range of leaves, as the proofs cut them, in perfect subtrees, the largest first. */
function perfectParts({ from, to }: Range): readonly { readonly height: number; readonly index: number }[] {
  const parts: { height: number; index: number }[] = []
  for (let start = from; start < to;) {
    const height = floorLog2(to - start)
    parts.push({ height, index: start / 2 ** height })
    start += 2 ** height
  }
  return parts
}

/** The largest power of two below a number of leaves. */
const split = (leaves: number) => 2 ** floorLog2(leaves - 1)
const half = (n: number) => Math.floor(n / 2)
const isPowerOfTwo = (n: number) => 2 ** floorLog2(n) === n
const areHashes = (hashes: readonly Hash[]) => hashes.every(({ length }) => length === hashSize)
const areSizes = (...numbers: readonly number[]) => numbers.every(n => Number.isSafeInteger(n) && n >= 0)
