import { type Hash, emptyRoot, floorLog2, foldPeaks, nodeHash } from './tree-hash.js'
import { tileWidth } from './tile.js'

/** A tile that has all its 256 hashes and will never change. */
export type FullTile = { readonly level: number; readonly index: number; readonly hashes: Buffer }

/**
 * The right edge of a Merkle tree: all that is needed to append leaves, however many there are before. At most 255 hashes a level, and a
 * level for each factor of 256.
 */
export class TreeEdge {
  #size: number
  /** The perfect subtrees that the tree consists of, the largest first. */
  readonly #peaks: Hash[] = []
  /** The unfinished tile of each level. */
  readonly #tiles: Hash[][]

  /**
   * @param tiles the unfinished tile of each level, as `tiles` answers them. @throws RangeError when they are not those of a tree of this
   * size.
   */
  constructor(size = 0, tiles: readonly (readonly Hash[])[] = []) {
    this.#size = size
    this.#tiles = tiles.map(tile => [...tile])
    for (let [level, left] = [0, size]; left > 0 || level < tiles.length; level++, left = Math.floor(left / tileWidth)) {
      if ((tiles[level]?.length ?? 0) !== left % tileWidth)
        throw new RangeError(`a tree of ${size} leaves has ${left % tileWidth} hashes in its unfinished tile of level ${level}`)
    }
    for (const tile of [...this.#tiles].reverse()) this.#peaks.push(...peaksOf(tile))
  }

  get size(): number {
    return this.#size
  }
  /** The unfinished tile of each level: copies. */
  get tiles(): readonly (readonly Hash[])[] {
    return this.#tiles.map(tile => [...tile])
  }

  /** Takes the next leaf, by its hash; the tiles that it completes, the lowest first. */
  append(leaf: Hash): readonly FullTile[] {
    const completed: FullTile[] = []
    const put = (level: number, hash: Hash) => {
      const tile = (this.#tiles[level] ??= [])
      if (tile.push(hash) < tileWidth) return
      completed.push({ level, index: Math.floor(this.#size / tileWidth ** (level + 1)), hashes: Buffer.concat(tile) })
      this.#tiles[level] = []
    }
    let hash = leaf
    put(0, hash)
    for (let [height, index] = [1, this.#size]; index % 2 === 1; height++, index = (index - 1) / 2) {
      hash = nodeHash(this.#peaks.pop() as Hash, hash)
      if (height % 8 === 0) put(height / 8, hash)
    }
    this.#peaks.push(hash)
    this.#size++
    return completed
  }

  root(): Hash {
    return this.#peaks.length === 0 ? emptyRoot() : foldPeaks(this.#peaks)
  }
}

/** The perfect subtrees over so many neighbours, the largest first. */
function peaksOf(hashes: readonly Hash[]): readonly Hash[] {
  const peaks: Hash[] = []
  for (let [from, left] = [0, hashes.length]; left > 0;) {
    const width = 2 ** floorLog2(left)
    peaks.push(perfectRoot(hashes.slice(from, from + width)))
    from += width
    left -= width
  }
  return peaks
}

/** The root over 2^n neighbours. */
export function perfectRoot(hashes: readonly Hash[]): Hash {
  let row = hashes
  while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, n) => nodeHash(row[2 * n] as Hash, row[2 * n + 1] as Hash))
  return row[0] as Hash
}
