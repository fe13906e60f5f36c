import { isUtf8 } from 'node:buffer'
import { FormatError } from '#merkle/format-error'
import { hashSize, type Hash } from '#merkle/tree-hash'
import { tileWidth } from '#merkle/tile'
import { type Bundle, BundleUnreadable } from './bundle-folder.js'
import { type Scope, entryTile, hashTile, headerLines, parseScope, payloadLines, scopeFile } from './bundle-layout.js'

/** A leaf as the bundle has it: its hash always, its header where it is in it, and the lines of what was stored, or empty ones. */
export type BundledLeaf = {
  readonly index: number
  readonly hash: Hash
  readonly entry: Buffer | undefined
  readonly data: Buffer
  readonly metadata: Buffer
}
const nothing = Buffer.alloc(0)

/**
 * The leaves of a bundle in their order, a tile at a time, so that its size does not matter. @throws FormatError for a file that is not
 * of its form; TileMissing
 */
export function* leavesOf(bundle: Bundle, { size, headers }: Scope): Generator<BundledLeaf> {
  for (let tile = 0; tile * tileWidth < size; tile++) {
    const width = Math.min(tileWidth, size - tile * tileWidth)
    const hashes = bundle.read(hashTile(tile, width))
    if (!hashes) throw new TileMissing(hashTile(tile, width))
    if (hashes.length !== width * hashSize) throw new FormatError(`${hashTile(tile, width)} must hold ${width} hashes`)
    const entries =
      headers === 'FULL'
        ? entriesOf(bundle, tile, width)
        : lines(bundle, headerLines(tile), width)?.map(line => (line.length === 0 ? undefined : line))
    const payloads = lines(bundle, payloadLines(tile), 2 * width)
    for (let n = 0; n < width; n++) {
      yield {
        index: tile * tileWidth + n,
        hash: hashes.subarray(n * hashSize, (n + 1) * hashSize),
        entry: entries?.[n],
        data: payloads?.[2 * n] ?? nothing,
        metadata: payloads?.[2 * n + 1] ?? nothing,
      }
    }
  }
}
/** The leaves of a bundle by what its scope says of it. @throws BundleUnreadable without a scope; as `leavesOf` */
export function leavesIn(bundle: Bundle): Generator<BundledLeaf> {
  const scope = bundle.read(scopeFile)
  if (!scope) throw new BundleUnreadable('The bundle has no scope')
  return leavesOf(bundle, parseScope(scope))
}
/** Without the hashes of all leaves there is no root. */
export class TileMissing extends Error {
  constructor(path: string) {
    super(`${path} is missing`)
  }
}

/** As bytes: what was digested is these, whatever text they may be. */
function lines(bundle: Bundle, path: string, count: number): readonly Buffer[] | undefined {
  const bytes = bundle.read(path)
  if (!bytes) return undefined
  if (!isUtf8(bytes)) throw new FormatError(`${path} must be UTF-8`)
  const all: Buffer[] = []
  let at = 0
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, at)) {
    all.push(bytes.subarray(at, end))
    at = end + 1
  }
  if (all.length !== count || at !== bytes.length) throw new FormatError(`${path} must hold ${count} lines`)
  return all
}
const newline = 0x0a

/** c2sp.org/tlog-tiles: each entry behind its length in two bytes. */
function entriesOf(bundle: Bundle, tile: number, width: number): readonly Buffer[] {
  const path = entryTile(tile, width)
  const bytes = bundle.read(path)
  if (!bytes) throw new TileMissing(path)
  const entries: Buffer[] = []
  let at = 0
  while (at + 2 <= bytes.length && entries.length < width) {
    const end = at + 2 + bytes.readUInt16BE(at)
    if (end > bytes.length) break
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  if (at !== bytes.length || entries.length !== width) throw new FormatError(`${path} must hold ${width} entries`)
  return entries
}
