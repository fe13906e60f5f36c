import { createHash } from 'node:crypto'
import type { LeafHeader } from './leaf-header.js'

/** What is drawn from, and how many: see `draw`. */
export type Drawing = {
  readonly seed: string
  readonly wanted: number
  readonly below: number
  readonly type?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/**
 * The sample that a seed draws from the headers of all leaves, as the service draws it: of those below an index, of a type and recorded
 * from `from` until before `to` where these are named, the ones whose SHA-256(seed ‖ index in 8 bytes, the highest first) is the lowest.
 * Needs no database: an auditor checks with it that a sample was not arranged.
 */
export function draw(
  headers: Iterable<{ readonly index: number; readonly header: Pick<LeafHeader, 'type' | 'created'> }>,
  { seed, wanted, below, type, from, to }: Drawing,
): { readonly population: number; readonly leaves: readonly number[] } {
  const bytes = Buffer.from(seed, 'hex')
  const ranked: { readonly index: number; readonly rank: string }[] = []
  for (const { index, header } of headers) {
    if (
      index >= below
      || (type !== undefined && header.type !== type)
      || (from !== undefined && header.created < from)
      || (to !== undefined && header.created >= to)
    )
      continue
    const eight = Buffer.alloc(8)
    eight.writeBigUInt64BE(BigInt(index))
    ranked.push({ index, rank: createHash('sha256').update(bytes).update(eight).digest('hex') })
  }
  return {
    population: ranked.length,
    leaves: ranked
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .slice(0, wanted)
      .map(({ index }) => index),
  }
}
