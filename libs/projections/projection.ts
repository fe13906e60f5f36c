import { type Evolve, type Meta, type Typed, evolveOne } from '#decider/decider'
import type { DecodedEvent } from '#event-codec/codec'
import type { JsonObject } from '#kernel/json'
import type { Sealed } from '#kernel/personal'

/**
 * Every column of a read model says whether it may hold personal data, and such a column holds sealed envelopes only. `sealed` is one
 * envelope,
 * `sealed-map` an object of envelopes. On erasure the runner purges by this map; a test compares it with the database.
 */
export type Column = {
  readonly type: 'uuid' | 'text' | 'text[]' | 'timestamptz(3)' | 'bigint' | 'int' | 'boolean' | 'date' | 'jsonb'
  readonly personal: 'no' | 'sealed' | 'sealed-map'
  readonly nullable?: true
}
export type Table = {
  readonly name: string
  readonly key: string
  /** The column with the person a row is about: what a purge goes by. */
  readonly subject: string | undefined
  readonly columns: Readonly<Record<string, Column>>
  readonly indexes?: readonly (readonly string[])[]
}
export const clear = (type: Column['type']): Column => ({ type, personal: 'no' })
export const maybe = (type: Column['type']): Column => ({ type, personal: 'no', nullable: true })
export const sealedColumn: Column = { type: 'jsonb', personal: 'sealed', nullable: true }
export const sealedMapColumn: Column = { type: 'jsonb', personal: 'sealed-map' }

export type Value = string | number | boolean | bigint | null | JsonObject | Sealed | Readonly<Record<string, Sealed>> | readonly string[]
export type Row = Readonly<Record<string, Value>>
/** What one event does to a table: a whole row, or some columns of one that is there. Plain data, so that a batch can be merged. */
export type Change = { readonly table: Table; readonly put: Row } | { readonly table: Table; readonly patch: Row }

export const ignored = Symbol('ignored')
/** A projection answers for every event of its contexts: it handles it, or says that it does not. */
export type Handlers<E extends Typed> = {
  readonly [T in E['type']]: typeof ignored | ((data: Extract<E, { type: T }>['data'], meta: Meta) => readonly Change[])
}
/** One row a partition, written by a fold: the same fold that answers a question about the past. */
export type DocumentFold<S, E extends Typed> = {
  readonly initial: S
  readonly evolve: Evolve<S, E>
  readonly toRow: (state: S, id: string, meta: Meta) => Row
  readonly fromRow: (row: Readonly<Record<string, unknown>>) => S
}

export type Projection = {
  readonly name: string
  readonly tables: readonly Table[]
  /** Raised when the handlers write something else than before: 1 where it is not said. */
  readonly revision?: number
  /** Stream categories whose every event the projection answers for. */
  readonly contexts: readonly string[]
  /**
   * A row is written from several streams, so none can be left out: a poison event stops the whole projection, instead of parking its
   * stream.
   */
  readonly mixesStreams?: true
} & (
  | { readonly kind: 'rows'; readonly changesOf: (event: DecodedEvent) => readonly Change[] }
  | { readonly kind: 'document'; readonly table: Table; readonly fold: DocumentFold<unknown, Typed> }
)

export const categoryOf = (stream: string) => stream.slice(0, stream.indexOf('-'))
export const idOf = (stream: string) => stream.slice(stream.indexOf('-') + 1)

export function rowProjection<E extends Typed>(
  name: string,
  contexts: readonly string[],
  tables: readonly Table[],
  handlers: Handlers<E>,
): Projection {
  const on = handlers as unknown as Record<string, typeof ignored | ((data: unknown, meta: Meta) => readonly Change[]) | undefined>
  return {
    kind: 'rows',
    name,
    tables,
    contexts,
    changesOf: event => {
      const handle = on[event.type]
      if (!handle) throw new Error(`The projection ${name} does not know ${event.type}`)
      return handle === ignored ? [] : handle(event.data, event.meta)
    },
  }
}

export const documentProjection = <S, E extends Typed>(
  name: string,
  context: string,
  table: Table,
  fold: DocumentFold<S, E>,
): Projection => ({
  kind: 'document',
  name,
  contexts: [context],
  tables: [table],
  table,
  fold: fold as unknown as DocumentFold<unknown, Typed>,
})

export const evolveDocument = (fold: DocumentFold<unknown, Typed>, state: unknown, event: DecodedEvent) =>
  evolveOne(fold.evolve, state, event)

/** The table as declared. */
export function createTable({ name, key, columns, indexes = [] }: Table, schema = 'read_model'): string {
  const lines = Object.entries(columns).map(([column, { type, nullable }]) => `  ${column} ${type}${nullable ? '' : ' not null'}`)
  return [
    `create table ${schema}.${name} (\n${lines.join(',\n')},\n  primary key (${key})\n);`,
    ...indexes.map(on => `create index on ${schema}.${name} (${on.join(', ')});`),
  ].join('\n')
}
