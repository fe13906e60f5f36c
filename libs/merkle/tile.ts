import { FormatError } from './format-error.js'
import { fromDecimal } from './encoding.js'

/** How many hashes a full tile holds: c2sp.org/tlog-tiles. */
export const tileWidth = 256
const maxLevel = 63

/** Where a tile stands. `width` is 256 for a full tile, and 1 to 255 for one at the right edge of a tree. */
export type TilePlace = { readonly level: number | 'entries'; readonly index: number; readonly width: number }

/** `tile/<L>/<N>[.p/<W>]`, N in groups of three digits. */
export function tilePath({ level, index, width }: TilePlace): string {
  const groups = index
    .toString()
    .padStart(Math.ceil(index.toString().length / 3) * 3, '0')
    .match(/[0-9]{3}/g) as readonly string[]
  const path = groups.map((group, n) => (n < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${path}${width === tileWidth ? '' : `.p/${width}`}`
}

/** @throws FormatError for what tilePath does not write; Unsupported for an index beyond 2^53 - 1. */
export function parseTilePath(path: string): TilePlace {
  const [, level, groups, width] = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path) ?? []
  if (level === undefined || groups === undefined)
    throw new FormatError('A tile is tile/<level>/<index>, with .p/<width> for an unfinished one')
  const place: TilePlace = {
    level: level === 'entries' ? level : Number(level),
    index: fromDecimal(groups.replaceAll(/[x/]/g, '').replace(/^0+(?=.)/, ''), 'The index of a tile'),
    width: width === undefined ? tileWidth : Number(width),
  }
  if (
    tilePath(place) !== path
    || (place.level !== 'entries' && place.level > maxLevel)
    || (width !== undefined && place.width >= tileWidth)
  )
    throw new FormatError('A tile has a level of 0 to 63, an index without needless groups, and a width of 1 to 255 where it is unfinished')
  return place
}

/** How wide a tile is in a tree of this size: 0 where there is none. */
export function widthIn(size: number, level: number, index: number): number {
  const hashes = Math.floor(size / tileWidth ** level)
  return Math.max(0, Math.min(tileWidth, hashes - index * tileWidth))
}
