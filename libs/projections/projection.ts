import type { Evolve, Meta, Typed } from '#decider/decider'
import { catalogue } from '#event-codec/catalogue'
import type { DecodedEvent } from '#event-codec/codec'
import type { Concern, EventOfConcern } from '#event-kit/concern'
import type { JsonObject } from '#kernel/json'
import type { Sealed } from '#kernel/personal'

/**
 * Every column of a read model says whether it may hold personal data, and such a column holds sealed envelopes only. `sealed` is one
 * envelope, `sealed-map` an object of envelopes. On erasure the runner purges by this map; a test compares it with the database.
 */
export type Column = {
  readonly type: 'uuid' | 'text' | 'text[]' | 'timestamptz(3)' | 'bigint' | 'int' | 'boolean' | 'date' | 'jsonb'
  readonly personal: 'no' | 'sealed' | 'sealed-map'
  readonly nullable?: true
} & Shown
/** How a column appears in an answer: under its own name in camel case, and left out where it is null. What is said here differs. */
export type Shown = {
  /** It appears in no answer. */
  readonly hidden?: true
  readonly as?: string
  /** It is a member of this object of the answer. */
  readonly in?: string
  readonly description?: string
  readonly format?: string
  /** The codes of a closed list. */
  readonly oneOf?: readonly string[]
  /** Of somebody's words: they need not have been given, and are left out where they are not there. Others are erased then. */
  readonly optional?: true
  /** Of an instant: without a fraction where that is zero, as the domain writes deadlines. */
  readonly wholeSeconds?: true
}
export type Table = {
  readonly name: string
  readonly key: string
  /** The column with the person a row is about: what a purge goes by. */
  readonly subject: string | undefined
  readonly columns: Readonly<Record<string, Column>>
  readonly indexes?: readonly (readonly string[])[]
  /** SQL that is read in the place of a column of this name, or that a list filters by. */
  readonly reads?: Readonly<Record<string, string>>
  /** A list of its rows can say who the people are whom they are about: by this field of their records. */
  readonly names?: string
  /** The name of a row's schema in the API's document; its columns' own names follow from theirs. */
  readonly item?: string
  /** The schemas of objects that several columns make: of any texts, unless they have a name and members of their own. */
  readonly objects?: Readonly<Record<string, { readonly named?: string }>>
}

export type Value = string | number | boolean | bigint | null | JsonObject | Sealed | Readonly<Record<string, Sealed>> | readonly string[]
export type Row = Readonly<Record<string, Value>>
/** What one event does to a table: a whole row, or some columns of one that is there. Plain data, so that a batch can be merged. */
export type Change = { readonly table: Table; readonly put: Row } | { readonly table: Table; readonly patch: Row }

/**
 * For an event of a concern that the projection is about, and that changes nothing in it: said for that event alone. What changes nothing
 * because it is of another concern is not said at all.
 */
export const nothing = (): readonly Change[] => []
/** A projection handles every event of the concerns that it is about: one that it is silent about does not compile. */
export type Handlers<E extends Typed> = {
  readonly [T in E['type']]: (data: Extract<E, { type: T }>['data'], meta: Meta) => Change | readonly Change[]
}
/** One row a partition, written by a fold: the same fold that answers a question about the past. */
export type DocumentFold<S, E extends Typed> = {
  readonly initial: S
  readonly evolve: Evolve<S, E>
  /** Nothing, as long as there is nothing to show. */
  readonly toRow: (state: S, id: string, meta: Meta) => Row | undefined
  readonly fromRow: (row: Readonly<Record<string, unknown>>) => S
}

export type Projection = {
  readonly name: string
  readonly tables: readonly Table[]
  /** Raised when the handlers write something else than before: 1 where it is not said. */
  readonly revision?: number
  /** What it is about, by name: it answers for every event of these concerns. */
  readonly concerns: readonly string[]
  /** The categories of the streams on which those events stand. An event there that nobody can decode stops it, whatever it was about. */
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

/** What every projection says of itself. */
type About<C extends Concern> = { readonly name: string; readonly concerns: readonly C[]; readonly revision?: number }

/** @throws Error for an event of its concerns that has no handler. */
export function rowProjection<C extends Concern>({
  name,
  concerns,
  revision = 1,
  tables,
  on,
}: About<C> & { readonly tables: readonly Table[]; readonly on: Handlers<EventOfConcern<C>> }): Projection {
  const handlers = heardBy(name, concerns, on as unknown as Readonly<Record<string, Handler | undefined>>)
  return {
    kind: 'rows',
    revision,
    tables,
    ...about(name, concerns),
    changesOf: event => {
      const handle = handlers.get(event.type)
      return handle ? [handle(event.data, event.meta)].flat() : passOver(name, event, [])
    },
  }
}
type Handler = (data: unknown, meta: Meta) => Change | readonly Change[]

/** @throws Error for an event of its concerns that the fold does not know. */
export function documentProjection<S, C extends Concern>({
  name,
  concerns,
  revision = 1,
  table,
  fold,
}: About<C> & { readonly table: Table; readonly fold: DocumentFold<S, EventOfConcern<C>> }): Projection {
  heardBy(name, concerns, fold.evolve)
  return {
    kind: 'document',
    tables: [table],
    ...about(name, concerns),
    revision,
    table,
    fold: fold as unknown as DocumentFold<unknown, Typed>,
  }
}

const about = (name: string, concerns: readonly Concern[]) => ({
  name,
  concerns: concerns.map(concern => concern.name),
  contexts: [...new Set(concerns.map(({ category }) => category))],
})

function heardBy<H>(name: string, concerns: readonly Concern[], on: Readonly<Record<string, H | undefined>>): ReadonlyMap<string, H> {
  return new Map(
    concerns.flatMap(({ events }) =>
      events.map(({ type }) => {
        const handle = on[type]
        if (handle === undefined) throw new Error(`The projection ${name} is silent about ${type}, which is of its concerns`)
        return [type, handle] as const
      }),
    ),
  )
}

/** An event of another concern changes nothing. @throws Error for one that is of no concern: stored history is never skipped. */
function passOver<T>(who: string, { type }: DecodedEvent, unchanged: T): T {
  if (!catalogue.has(type)) throw new Error(`${who} came upon ${type}, which is of no concern that this version knows`)
  return unchanged
}

/** Whether an event is of a concern that the fold is about. @throws Error for one that is of no concern */
export const hears = <S, E extends Typed>({ evolve }: Pick<DocumentFold<S, E>, 'evolve'>, event: DecodedEvent): boolean =>
  Object.hasOwn(evolve, event.type) || passOver('A fold', event, false)

/**
 * One step of a document. An event of a concern that the fold is not about leaves its state as it is. @throws Error for one that is of no
 * concern
 */
export function evolveDocument<S, E extends Typed>(fold: Pick<DocumentFold<S, E>, 'evolve'>, state: S, event: DecodedEvent): S {
  const on = (fold.evolve as Readonly<Record<string, ((state: S, data: unknown, meta: Meta) => S) | undefined>>)[event.type]
  return on ? on(state, event.data, event.meta) : passOver('A fold', event, state)
}

/** The table as declared. */
export function createTable({ name, key, columns, indexes = [] }: Table, schema = 'read_model'): string {
  const lines = Object.entries(columns).map(([column, { type, nullable }]) => `  ${column} ${type}${nullable ? '' : ' not null'}`)
  return [
    `create table ${schema}.${name} (\n${lines.join(',\n')},\n  primary key (${key})\n);`,
    ...indexes.map(on => `create index on ${schema}.${name} (${on.join(', ')});`),
  ].join('\n')
}
