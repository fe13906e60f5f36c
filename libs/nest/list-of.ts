import { Controller, Inject, Query as QueryParams, type Type } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { Aggregate } from '#decider/decider'
import { keySubjects } from '#event-kit/key-subjects'
import { type Capability, rolesThatMay } from '#policy/capabilities'
import type { PolicyFacts } from '#policy/policy'
import { answerOf } from '#projections/answer'
import type { Projection, Table } from '#projections/projection'
import type { Condition, Filterable, Question, RowsOf } from '#projections/question'
import type { RowOf } from '#projections/table'
import { pageClass } from './answer-class.js'
import { Reads } from './door.js'
import { Door } from './door-of.js'
import { named } from './named.js'
import { Names, closedNames, namesAsked } from './names-in-lists.js'
import { AfterQuery, type AsOf, PageQuery, cursorOf, page, pageLimit } from './paging.js'
import { type RequestFacts, type StaffActor, TheRequest } from './request.js'
import { IdInPath } from './validation.js'

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- a stream of any kind */
type AnyAggregate = Aggregate<any, any>

/** By which row of the table, or by any of these. */
export type ListCapability = Capability | readonly Capability[]
/** Of which read model, and which of its tables. */
export type Source<T extends Table> = { readonly projection: Projection; readonly table: T }
/** Rows, and how old they are at most. */
export type Found<T extends Table> = { readonly rows: readonly RowOf<T>[]; readonly asOf: AsOf }
/** A question with what it is put to. */
export type Asked = { readonly source: Source<Table>; readonly question: Question<Table> }
/** Where lists find their rows. */
export abstract class Lists {
  /** @throws Refused NOT_YET_VISIBLE until the read model shows `after` */
  abstract rows<T extends Table>(source: Source<T>, question: Question<T>, after: string | undefined): Promise<Found<T>>
  /** The rows of several questions, without saying how old they are. @throws NotCurrent for a read model that is not shown */
  abstract together(asked: readonly Asked[]): Promise<readonly (readonly RowOf<Table>[])[]>
  abstract policiesInForce(): Promise<PolicyFacts>
  /** @throws Refused NOT_FOUND for a stream that has no event, NOT_YET_VISIBLE until the read model shows what is known of it */
  abstract rowsOf<T extends Table>(
    stream: { readonly aggregate: AnyAggregate; readonly id: string },
    source: Source<T>,
    question: Question<T>,
    after: string | undefined,
  ): Promise<Found<T>>
}

/** Whose records are open to whom. */
export abstract class OpenRecords {
  /**
   * C37, C38: whose records are open to the reader as far as this row of the table reaches. What is asked with it shows nobody else.
   * @throws Refused NOT_YET_VISIBLE until it knows of everything up to `after`
   */
  abstract openTo(reader: RequestFacts, capability: ListCapability, after: string | undefined): Promise<RowsOf<Table>>
  /** That this person's record is open to the reader. @throws Refused NO_NEED_TO_KNOW, CONFLICT_OF_INTEREST, TRAINING_EXPIRED */
  abstract assertOpen(reader: RequestFacts, capability: ListCapability, subjectRef: string): Promise<void>
}

/** A parameter of the query: how it is checked and described, and what it asks of which column. */
type Filter<T extends Table> = { readonly field: PropertyDecorator; readonly column: Filterable<T>; readonly is: '=' | '>=' | '<' }
const asks =
  (is: '=' | '>=' | '<') =>
  <const C extends string>(column: C, field: PropertyDecorator) => ({ field, column, is })
export const equals = asks('=')
export const from = asks('>=')
export const before = asks('<')

/** A table whose rows have an order: that of the log. */
type Ordered = Table & { readonly columns: { readonly position: { readonly type: 'bigint'; readonly personal: 'no' } } }
type List<T extends Ordered> = Source<T> & {
  /** `<Door>.<method>`: the operation in the API's document, and the door that an auditor's read has on record. It never changes. */
  readonly operation: `${string}.${string}`
  readonly tag: string
  readonly path: string
  readonly summary: string
  /** Whoever may read by it may read the list. */
  readonly capability: ListCapability
  /** Whose records it may be about, by the reach of this row of the table; of the same one unless told. Only of a list about people. */
  readonly opens?: ListCapability
  /** Of all of it, what is for this reader, by the policies in force: the alternatives, of which one has to hold. */
  readonly forReader?: (reader: StaffActor, policy: PolicyFacts) => readonly (readonly Condition<T>[])[]
  readonly filters?: Readonly<Record<string, Filter<T>>>
  /** Of one stream, whose id the path's parameter gives and the table's `subject` holds; of all otherwise. */
  readonly of?: AnyAggregate
  /** All of it in one answer, however much it is. */
  readonly whole?: true
}
type ListQuery = PageQuery & Readonly<Record<string, unknown>>
type Message = Query<object> & { readonly query: ListQuery; readonly told: RequestFacts; readonly id: string | undefined }

/** A list that says whom its rows are about shows each reader those whose records are open to them, whatever else it says (C37, C38). */
const ofPerson = 'subject_ref'
const isAboutPeople = ({ columns }: Table) => ofPerson in columns
const aboutWhom = (row: object) => (row as { readonly [ofPerson]: string })[ofPerson]
const isOfOnePerson = (of: AnyAggregate | undefined) => of?.category === keySubjects.SubjectRef.category
/** Why a record is not open to whoever asks. */
export const closedRecords = ['NO_NEED_TO_KNOW', 'CONFLICT_OF_INTEREST', 'TRAINING_EXPIRED'] as const

/**
 * The door of a list, from its declaration: controller, query and handler, with cursor paging and `after`. @throws Error for a table that
 * is not of the projection, and for a list of one stream whose path or table does not say which
 */
export function listOf<T extends Ordered>(list: List<T>): Door {
  const { operation, path, projection, table, of } = list
  if (!projection.tables.includes(table)) throw new Error(`The list ${operation} shows a table that ${projection.name} does not write`)
  if (path.includes(':') !== (of !== undefined)) throw new Error(`The list ${operation}: a path names a stream where the list is of one`)
  if (of && table.subject === undefined) throw new Error(`The list ${operation} is of one stream, and its rows do not say of which`)
  const [door = '', method = ''] = operation.split('.')
  const Asking = messageClass(`${door}${method.charAt(0).toUpperCase()}${method.slice(1)}`)
  return new Door([controllerOf(list, door, method, Asking)], [handlerOf(list, Asking)])
}

const messageClass = (name: string) =>
  named(
    name,
    class extends Query<object> {
      constructor(
        readonly query: ListQuery,
        readonly told: RequestFacts,
        readonly id: string | undefined,
      ) {
        super()
      }
    },
  )

function handlerOf<T extends Ordered>(list: List<T>, Asking: Type<Message>) {
  const { table, of } = list
  const item = (row: RowOf<T>) => answerOf(table, row)
  const { opens = list.capability } = list
  const Handler = named(
    `${Asking.name}Handler`,
    class implements IQueryHandler<Message> {
      constructor(
        private readonly lists: Lists,
        private readonly records: OpenRecords,
        private readonly names: Names,
      ) {}

      async execute({ query, told, id }: Message) {
        const limit = pageLimit(query)
        const question = {
          where: [...conditionsOf(list, query, id), ...(await this.#open(told, query, id))],
          ...(list.forReader ? { oneOf: list.forReader(told.actor, await this.lists.policiesInForce()) } : {}),
          after: cursorOf(query),
          ...(list.whole ? {} : { limit: limit + 1 }),
        }
        const { rows, asOf } = await (of && id !== undefined
          ? this.lists.rowsOf({ aggregate: of, id }, list, question, query.after)
          : this.lists.rows(list, question, query.after))
        const named = await this.#named(told, query, list.whole ? rows : rows.slice(0, limit))
        return { ...(list.whole ? { items: rows.map(named) } : page(rows, limit, named)), asOf }
      }

      /** Rows as they are answered: with the people’s names where the reader says for what they need them. */
      async #named(told: RequestFacts, { purpose }: ListQuery, rows: readonly RowOf<T>[]) {
        if (typeof purpose !== 'string' || table.names === undefined) return item
        const names = await this.names.of(told, purpose, table.names, [...new Set(rows.map(aboutWhom))])
        return (row: RowOf<T>) => ({ ...item(row), ...(names.has(aboutWhom(row)) ? { name: names.get(aboutWhom(row)) } : {}) })
      }

      async #open(told: RequestFacts, query: ListQuery, id: string | undefined): Promise<readonly Condition<T>[]> {
        if (id !== undefined && isOfOnePerson(of)) {
          await this.records.assertOpen(told, opens, id)
          return []
        }
        if (!isAboutPeople(table)) return []
        return [{ column: ofPerson, is: 'in', rows: await this.records.openTo(told, opens, query.after) }]
      }
    },
  )
  Inject(Lists)(Handler, undefined, 0)
  Inject(OpenRecords)(Handler, undefined, 1)
  Inject(Names)(Handler, undefined, 2)
  QueryHandler(Asking)(Handler)
  return Handler
}

function conditionsOf<T extends Ordered>(
  { table, filters = {} }: List<T>,
  query: ListQuery,
  id: string | undefined,
): readonly Condition<T>[] {
  const asked = Object.entries(filters).flatMap(([name, { column, is }]) => {
    const value = query[name]
    return typeof value === 'string' ? [{ column, is, value }] : []
  })
  return id === undefined ? asked : [{ column: table.subject as Filterable<T>, is: '=', value: id }, ...asked]
}

function controllerOf<T extends Ordered>(list: List<T>, door: string, method: string, Asking: Type<Message>): Type {
  const { path, tag, summary, capability, of, table, whole, filters = {} } = list
  const roles = rolesThatMay(capability, 'READ')
  const param = /:(\w+)/.exec(path)?.[1]
  const OfDoor = named(
    `${door}Controller`,
    class {
      constructor(readonly queries: QueryBus) {}
      [method](query: ListQuery, told: RequestFacts, id?: string) {
        return this.queries.execute(new Asking(query, told, id))
      }
    },
  )
  Inject(QueryBus)(OfDoor, undefined, 0)
  QueryParams()(OfDoor.prototype, method, 0)
  TheRequest()(OfDoor.prototype, method, 1)
  if (param !== undefined) IdInPath(param)(OfDoor.prototype, method, 2)
  Reflect.defineMetadata(
    'design:paramtypes',
    [queryClass(`${door}Query`, whole ? AfterQuery : PageQuery, { ...filters, ...namesAsked(table) }), Object, String],
    OfDoor.prototype,
    method,
  )
  const answers = {
    path,
    summary,
    roles,
    refusals: [
      ...(of ? (['NOT_FOUND', ...(isOfOnePerson(of) ? closedRecords : [])] as const) : []),
      ...(table.names === undefined ? [] : closedNames),
    ],
    answers: pageClass(table, !whole),
  }
  Reads(answers)(OfDoor.prototype, method, Object.getOwnPropertyDescriptor(OfDoor.prototype, method) as PropertyDescriptor)
  Controller()(OfDoor)
  ApiTags(tag)(OfDoor)
  return OfDoor
}

/** A parameter that is not declared is refused. */
function queryClass(name: string, base: Type<AfterQuery>, filters: Readonly<Record<string, { readonly field: PropertyDecorator }>>): Type {
  const ListQuery = named(name, class extends base {})
  for (const [parameter, { field }] of Object.entries(filters)) field(ListQuery.prototype, parameter)
  return ListQuery
}
