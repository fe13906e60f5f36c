import type { JsonObject } from '#kernel/json'
import type { Column, Table } from './projection.js'
import type { RowOf } from './table.js'

type Columns = Table['columns']
type Camel<S> = S extends `${infer First}_${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : S
type NameOf<Name, C> = C extends { readonly as: infer As extends string } ? As : Camel<Name> & string
type Flat<T> = { [K in keyof T]: T[K] }
type AnsweredAs = { readonly [T in 'uuid' | 'text' | 'timestamptz(3)' | 'bigint' | 'date']: string } & {
  readonly 'text[]': readonly string[]
  readonly int: number
  readonly boolean: boolean
  readonly jsonb: JsonObject
}
type AnswerOf<C extends Column> = C extends { readonly personal: 'no' }
  ? C extends { readonly oneOf: readonly (infer Code)[] }
    ? Code
    : AnsweredAs[C['type']]
  : Masked | Erased
type MayLack<C> = C extends { readonly personal: 'no'; readonly nullable: true } | { readonly optional: true } ? 'maybe' : 'always'
/** Where a column appears: in an object of the answer, in the answer itself, or nowhere. */
type Where<C> = C extends { readonly hidden: true } ? 'nowhere' : C extends { readonly in: infer In extends string } ? `in ${In}` : 'answer'
type There<C extends Columns, W, Lack> = {
  [K in keyof C]: Where<C[K]> extends W ? (MayLack<C[K]> extends Lack ? K : never) : never
}[keyof C]
type Members<C extends Columns, W> = Flat<
  { readonly [K in There<C, W, 'always'> as NameOf<K, C[K]>]: AnswerOf<C[K]> } & {
    readonly [K in There<C, W, 'maybe'> as NameOf<K, C[K]>]?: AnswerOf<C[K]>
  }
>
/** An object is there where one of its columns has to be; a named one has all its members then. */
type Objects<C extends Columns, O> = {
  readonly [K in keyof O as There<C, `in ${K & string}`, 'always'> extends never ? never : K]: Members<C, `in ${K & string}`>
} & {
  readonly [K in keyof O as There<C, `in ${K & string}`, 'always'> extends never ? K : never]?: O[K] extends { readonly named: string }
    ? Required<Members<C, `in ${K & string}`>>
    : Members<C, `in ${K & string}`>
}

/** Words that an answer does not open. */
export type Masked = { readonly masked: true }
/** Words whose key was destroyed. */
export type Erased = { readonly erased: true }
/** A row as it is answered. */
export type Answer<T extends Table> = Flat<
  Members<T['columns'], 'answer'> & (T extends { readonly objects: infer O } ? Objects<T['columns'], O> : unknown)
>

/** A row as the API and the command line tell it: instants as text, words masked, and nothing where there is nothing. */
export function answerOf<T extends Table>(table: T, row: RowOf<T>): Answer<T> {
  const answer: Record<string, unknown> = {}
  const objects: Record<string, Record<string, unknown>> = {}
  for (const [name, column] of Object.entries(table.columns)) {
    if (column.hidden) continue
    const value = told(column, (row as Readonly<Record<string, unknown>>)[name])
    if (value === undefined) continue
    if (column.in === undefined) answer[nameInAnswer(name, column)] = value
    else (objects[column.in] ??= {})[nameInAnswer(name, column)] = value
  }
  return { ...answer, ...objects } as Answer<T>
}

export const nameInAnswer = (name: string, { as }: Column) => as ?? name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
/** Whether there may be nothing to tell. */
export const mayLack = ({ personal, nullable, optional }: Column) => (personal === 'no' ? nullable : optional) === true

function told({ type, personal, optional, wholeSeconds }: Column, value: unknown): unknown {
  if (value === null || value === undefined) return personal === 'no' || optional ? undefined : ({ erased: true } satisfies Erased)
  if (personal !== 'no') return { masked: true } satisfies Masked
  if (!(value instanceof Date)) return value
  const text = value.toISOString()
  if (type === 'date') return text.slice(0, 10)
  return wholeSeconds ? text.replace('.000Z', 'Z') : text
}
