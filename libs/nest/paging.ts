import { ApiProperty } from '@nestjs/swagger'
import { Position, QueryCount } from './fields.js'

/** Read your own write. */
export class AfterQuery {
  @Position({ optional: true, description: 'Waits, at most five seconds, until the answer shows this position.' }) after?: string
}

/** Lists are cursor-paged: give `next` back as `cursor`. */
export class PageQuery extends AfterQuery {
  @Position({ optional: true, description: 'The `next` of the page before.' }) cursor?: string
  @QueryCount({ atLeast: 1, atMost: 200, description: 'Items a page; 50 unless told.' }) limit?: number
}

/** How old an answer is that a read model gave: nobody takes it for newer than that. */
export class AsOf {
  @ApiProperty({ description: 'The position up to which the log is in the answer.' }) position!: string
  @ApiProperty({ format: 'date-time', description: 'Everything that was recorded by then is in the answer.' }) at!: string
}

export const pageLimit = ({ limit }: PageQuery) => limit ?? 50
export const cursorOf = ({ cursor }: PageQuery) => (cursor === undefined ? undefined : BigInt(cursor))

/** One row more than the page was asked for says whether there is a next one. */
export function page<Row extends { readonly position: unknown }, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
): { readonly items: readonly Item[]; readonly next?: string } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(item), ...(rows.length > limit && last ? { next: String(last.position) } : {}) }
}
