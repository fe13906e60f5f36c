import type { Evolve, Meta, Typed } from '#decider/decider'
import type { DocumentFold, Row, Table } from './projection.js'
import type { RowOf, WholeRow } from './table.js'

type Rest<T extends Table> = Omit<WholeRow<T['columns']>, T['key']>

/**
 * The fold of a table that has one row for each stream, under the stream's own id: there is none before something has happened. `rowOf`
 * says every other column, and `stateOf` reads the state back.
 */
export const rowEach = <const T extends Table, W, E extends Typed>(
  { key }: T,
  {
    evolve,
    rowOf,
    stateOf,
  }: {
    readonly evolve: Evolve<W | undefined, E>
    readonly rowOf: (state: W, meta: Meta) => Rest<T>
    readonly stateOf: (row: RowOf<T>) => W
  },
): DocumentFold<W | undefined, E> => ({
  initial: undefined,
  evolve,
  toRow: (state, id, meta) => (state === undefined ? undefined : { [key]: id, ...(rowOf(state, meta) as Row) }),
  fromRow: row => stateOf(row as RowOf<T>),
})
