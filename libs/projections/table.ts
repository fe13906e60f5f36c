import type { JsonObject } from '#kernel/json'
import type { Sealed } from '#kernel/personal'
import type { Change, Column, Shown, Table } from './projection.js'

type Kind = Column['type']
/** A column that holds nothing personal, and always something. */
export function clear<const T extends Kind>(type: T): { readonly type: T; readonly personal: 'no' }
export function clear<const T extends Kind, const S extends Shown>(type: T, shown: S): { readonly type: T; readonly personal: 'no' } & S
export function clear(type: Kind, shown: Shown = {}) {
  return { type, personal: 'no', ...shown }
}
/** The same where there may be nothing yet, or ever. */
export function maybe<const T extends Kind>(type: T): Maybe<T>
export function maybe<const T extends Kind, const S extends Shown>(type: T, shown: S): Maybe<T> & S
export function maybe(type: Kind, shown: Shown = {}) {
  return { type, personal: 'no', nullable: true, ...shown }
}
type Maybe<T> = { readonly type: T; readonly personal: 'no'; readonly nullable: true }
/** Somebody's words, as an envelope: null once they are erased. Answers say that they are masked, or erased. */
export function sealed(): Words
export function sealed<const S extends Shown>(shown: S): Words & S
export function sealed(shown: Shown = {}): Words {
  return { type: 'jsonb', personal: 'sealed', nullable: true, ...shown }
}
type Words = { readonly type: 'jsonb'; readonly personal: 'sealed'; readonly nullable: true }
/** Envelopes by name. In no answer: whoever may open them says so. */
export const sealedMap = { type: 'jsonb', personal: 'sealed-map', hidden: true } as const

type Columns = Table['columns']
type Plain = { readonly uuid: string; readonly text: string; readonly 'text[]': readonly string[]; readonly int: number } & {
  readonly boolean: boolean
  readonly jsonb: JsonObject
}
/** As the driver gives them. */
type ReadAs = Plain & { readonly 'timestamptz(3)': Date; readonly bigint: string; readonly date: Date }
type WrittenAs = Plain & { readonly 'timestamptz(3)': string; readonly bigint: bigint; readonly date: string }
type Held<C extends Column, As extends Record<Column['type'], unknown>> =
  | (C['personal'] extends 'sealed'
      ? Sealed
      : C['personal'] extends 'sealed-map'
        ? Readonly<Record<string, Sealed>>
        : C extends { readonly oneOf: readonly (infer Code)[] }
          ? Code
          : As[C['type']])
  | (C extends { readonly nullable: true } ? null : never)

/** A row as it is read. */
export type RowOf<T extends Table> = { readonly [K in keyof T['columns']]: Held<T['columns'][K], ReadAs> }
/** A row as a projection puts it: every column is said, also that there is nothing in it yet. */
export type WholeRow<C extends Columns> = { readonly [K in keyof C]: Held<C[K], WrittenAs> }

type Declared<C extends Columns, K extends string & keyof C> = Omit<Table, 'columns' | 'key' | 'subject' | 'indexes'> & {
  readonly key: K
  readonly subject: (string & keyof C) | undefined
  readonly columns: C
  readonly indexes?: readonly (readonly (string & keyof C)[])[]
}
/** What a projection does to a table: a column that is wrong or missing does not compile. */
type Writing<C extends Columns, K extends keyof C> = {
  readonly put: (row: WholeRow<C>) => Change
  readonly patch: (key: WholeRow<C>[K], columns: Partial<Omit<WholeRow<C>, K>>) => Change
}

/** A read model's columns, once: what is stored, what is put and patched, what is answered and how the API's document calls it. */
export function declareTable<const C extends Columns, const K extends string & keyof C, const D extends Declared<C, K>>(
  declared: D & { readonly columns: C; readonly key: K },
): D & Writing<C, K> {
  const table: D & Writing<C, K> = {
    ...declared,
    put: row => ({ table, put: row }),
    patch: (key, columns) => ({ table, patch: { [declared.key]: key, ...columns } }),
  }
  return table
}
