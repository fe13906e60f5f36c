import type { Sql } from 'postgres'
import type { Table } from '../projection.js'
import type { Condition, Question, Which } from '../question.js'
import type { RowOf } from '../table.js'

type Parameter = string | string[]
/** One prepared statement, while it is written: its text names what is asked for by number. */
class Statement {
  readonly values: Parameter[] = []

  value(asked: string | readonly string[]): string {
    this.values.push(typeof asked === 'string' ? asked : [...asked])
    return `$${this.values.length}`
  }
}
const run = <R>(sql: Sql, { values }: Statement, text: string) => sql.unsafe(text, values, { prepare: true }) as unknown as Promise<R>

/** Rows of a read model, in the order of the log unless they are asked for by a column. */
export function readRows<T extends Table>(sql: Sql, table: T, question: Question<T>): Promise<readonly RowOf<T>[]> {
  const statement = new Statement()
  return run(sql, statement, select(statement, table, question))
}

type Put = { readonly table: Table; readonly question: Question<Table> }
/** The rows of several questions, each as `readRows` answers it, in one question to the database. */
export async function readTogether(sql: Sql, asked: readonly Put[]): Promise<readonly (readonly RowOf<Table>[])[]> {
  if (asked.length === 0) return []
  const statement = new Statement()
  const each = asked.map(({ table, question }, nth) => {
    const named = Object.entries(table.columns).map(([name, { type }]) => `'${name}', ${quoted(name)}${type === 'bigint' ? '::text' : ''}`)
    return `select ${nth} as nth, json_agg(json_build_object(${named.join(', ')})) as rows from (${select(statement, table, question)}) t`
  })
  const found = await run<readonly { nth: number; rows: readonly Told[] | null }[]>(sql, statement, each.join(' union all '))
  const byNth = new Map(found.map(({ nth, rows }) => [nth, rows ?? []]))
  return asked.map(({ table }, nth) => (byNth.get(nth) ?? []).map(row => asRead(table, row)))
}

type Told = Readonly<Record<string, unknown>>
/** JSON has no instants and no days. */
const asRead = ({ columns }: Table, row: Told): RowOf<Table> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const type = columns[name]?.type
      return [name, (type === 'timestamptz(3)' || type === 'date') && typeof value === 'string' ? new Date(value) : value]
    }),
  ) as RowOf<Table>

/** Names are those of declared tables and columns. */
const quoted = (name: string) => `"${name}"`
const read = ({ reads = {} }: Table, column: string) => reads[column] ?? quoted(column)

function select<T extends Table>(statement: Statement, table: T, question: Question<T>): string {
  const { after, limit, by } = question
  const columns = Object.keys(table.columns).map(column => `${read(table, column)} as ${quoted(column)}`)
  return [
    `select ${columns.join(', ')}`,
    `from read_model.${quoted(table.name)} where ${hold(statement, table, question)}`,
    ...(after === undefined ? [] : [`and position > ${statement.value(after.toString())}`]),
    `order by ${by === undefined ? '' : `${read(table, by)} nulls last, `}position`,
    ...(limit === undefined ? [] : [`limit ${limit}`]),
  ].join(' ')
}

/** All of the conditions, and those of one alternative where there are any. */
function hold<T extends Table>(statement: Statement, table: T, { where, oneOf }: Which<T>): string {
  const all = (conditions: readonly Condition<T>[]) =>
    conditions.length === 0 ? 'true' : conditions.map(condition => holds(statement, table, condition)).join(' and ')
  if (oneOf === undefined) return all(where)
  return `${all(where)} and (${oneOf.length === 0 ? 'false' : oneOf.map(conditions => `(${all(conditions)})`).join(' or ')})`
}

function holds(statement: Statement, table: Table, condition: Condition<Table>): string {
  const column = read(table, condition.column)
  const any = (values: readonly string[]) =>
    `(${statement.value(values)}::${table.columns[condition.column]?.type === 'uuid' ? 'uuid' : 'text'}[])`
  switch (condition.is) {
    case 'among':
      return `${column} = any ${any(condition.values)}`
    case 'outside':
      return `${column} <> all ${any(condition.values)}`
    case 'holds':
      return `${statement.value(condition.value)} = any (${column})`
    case 'lacks':
      return `${statement.value(condition.value)} <> all (${column})`
    case 'in': {
      const { rows } = condition
      const those = hold(statement, rows.table, rows)
      return `${column} in (select ${read(rows.table, rows.column)} from read_model.${quoted(rows.table.name)} where ${those})`
    }
    case '=':
    case '<>':
    case '>=':
    case '<':
      return `${column} ${condition.is} ${statement.value(condition.value)}`
  }
}

/** One row, by its key. */
export async function readRow<T extends Table>(sql: Sql, { name, key }: T, value: string): Promise<RowOf<T> | undefined> {
  const [row] = await sql<RowOf<T>[]>`select * from read_model.${sql(name)} where ${sql(key)} = ${value}`
  return row
}
