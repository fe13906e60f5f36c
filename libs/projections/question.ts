import type { Table } from './projection.js'

/** What a list can be filtered by: a column, or what the table reads beside its columns. */
export type Filterable<T extends Table> = string & (keyof T['columns'] | (T extends { readonly reads: infer R } ? keyof R : never))
/** Rows of which all the conditions hold, and those of one alternative of `oneOf` where it is there. */
export type Which<T extends Table> = { readonly where: readonly Condition<T>[]; readonly oneOf?: readonly (readonly Condition<T>[])[] }
/** The values that a column has in such rows of another table. */
export type RowsOf<T extends Table> = Which<T> & { readonly table: T; readonly column: Filterable<T> }
/**
 * What a column has to be: the value, something else, the value or later, before the value; one of the values, none of them; a list that
 * holds the value, or does not; what another table's rows have.
 */
export type Condition<T extends Table> = { readonly column: Filterable<T> } & (
  | { readonly is: '=' | '<>' | '>=' | '<' | 'holds' | 'lacks'; readonly value: string }
  | { readonly is: 'among' | 'outside'; readonly values: readonly string[] }
  | { readonly is: 'in'; readonly rows: RowsOf<Table> }
)
/** Such rows of a table, in the order of the log, that stand after a position; or by a column, what is first and nothing last. */
export type Question<T extends Table> = Which<T> & {
  readonly after?: bigint | undefined
  readonly limit?: number
  readonly by?: Filterable<T>
}
