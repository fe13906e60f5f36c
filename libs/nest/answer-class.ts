import type { Type } from '@nestjs/common'
import { ApiProperty, getSchemaPath } from '@nestjs/swagger'
import { type Answer, mayLack, nameInAnswer } from '#projections/answer'
import type { Column, Table } from '#projections/projection'
import { named } from './named.js'
import { whenNamed } from './names-in-lists.js'
import { AsOf } from './paging.js'

/** Plain words of the generator's: its own type for them is a union that no table could be held against. */
type Options = Readonly<Record<string, unknown>>
type Prop = readonly [name: string, options: Options]
type Columns = readonly (readonly [name: string, column: Column])[]
const classes = new WeakMap<Table, Type>()

/**
 * The class that describes a read model's rows in the API's document, made of the table: one a table. @throws Error for a table that
 * does not say what its rows are called, or a column in an object that it does not have.
 */
export function answerClass<T extends Table>(table: T): Type<Answer<T>> {
  const known = classes.get(table) ?? made(table)
  classes.set(table, known)
  return known as Type<Answer<T>>
}

/** A page of them; `next` only where there can be another one. */
export function pageClass(table: Table, isPaged: boolean): Type {
  const item = answerClass(table)
  return described(item.name.replace(/(Item|Entry)$/, 'Page'), [
    ['items', { type: () => [item] }],
    ...(isPaged ? [['next', { type: String, required: false }] as const] : []),
    ['asOf', { type: () => AsOf }],
  ])
}

function made({ name, item, names, columns, objects = {} }: Table): Type {
  if (item === undefined) throw new Error(`The table ${name} does not say what an item of it is called`)
  const shown: Columns = Object.entries(columns).filter(([, { hidden }]) => !hidden)
  for (const [column, { in: within }] of shown)
    if (within !== undefined && !(within in objects))
      throw new Error(`${name}.${column} stands in ${within}, which the table does not declare`)
  return described(item, [
    ...(names === undefined ? [] : [nameOfPerson]),
    ...propertiesOf(shown.filter(([, column]) => column.in === undefined)),
    ...Object.entries(objects).map(([object, as]) =>
      objectOf(
        object,
        as.named,
        shown.filter(([, column]) => column.in === object),
      ),
    ),
  ])
}

function objectOf(object: string, name: string | undefined, columns: Columns): Prop {
  const required = columns.some(([, column]) => !mayLack(column))
  if (name === undefined) return [object, { type: 'object', additionalProperties: { type: 'string' }, required }]
  const type = described(
    name,
    propertiesOf(columns).map(([member, options]) => [member, { ...options, required: true }] as const),
  )
  return [object, { type: () => type, required }]
}

const propertiesOf = (columns: Columns) =>
  columns.map(([name, column]): Prop => {
    const { description, format, oneOf } = column
    const said = { ...(description ? { description } : {}), ...(format ? { format } : {}), ...(oneOf ? { enum: [...oneOf] } : {}) }
    return [nameInAnswer(name, column), { ...typeOf(column), ...said, required: !mayLack(column) }]
  })

/** Somebody’s name in a list of people; not where nobody asked for it. */
const nameOfPerson: Prop = [
  'name',
  {
    type: Object,
    required: false,
    description: whenNamed,
    oneOf: [{ type: 'string' }, { $ref: getSchemaPath('MaskedValue') }, { $ref: getSchemaPath('ErasedValue') }],
  },
]

const masked = { $ref: getSchemaPath('MaskedValue') }
const erased = { $ref: getSchemaPath('ErasedValue') }
const typeOf = ({ type, personal, optional }: Column): Options =>
  personal === 'no' ? types[type] : { type: Object, ...(optional ? { allOf: [masked] } : {}), oneOf: [masked, erased] }
const text = { type: String }
const types: Readonly<Record<Column['type'], Options>> = {
  uuid: text,
  text,
  'timestamptz(3)': text,
  bigint: text,
  date: text,
  int: { type: Number },
  boolean: { type: Boolean },
  'text[]': { type: [String] },
  jsonb: { type: 'object', additionalProperties: true },
}

function described(name: string, properties: readonly Prop[]): Type {
  const type = named(name, class {})
  for (const [property, options] of properties) ApiProperty(options)(type.prototype, property)
  return type
}
