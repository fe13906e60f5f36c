import type { Table } from './projection.js'

/** What a list can be filtered by: a column, or what the table reads beside its columns. */
export type Filterable<T extends Table> = string & (keyof T['columns'] | (T extends { readonly reads: infer R } ? keyof R : never))
/** What a column has to be: the value, the value or later, before the value. */
export type Condition<T extends Table> = { readonly column: Filterable<T>; readonly is: '=' | '>=' | '<'; readonly value: string }
/** Which rows of a table, in the order of the log: all of the conditions hold, and they stand after a position. */
export type Question<T extends Table> = {
  readonly where: readonly Condition<T>[]
  readonly after?: bigint | undefined
  readonly limit?: number
}
