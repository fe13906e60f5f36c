import type { PendingQuery, Row, Sql } from 'postgres'
import type { Table } from '../projection.js'
import type { Condition, Question, Which } from '../question.js'
import type { RowOf } from '../table.js'

/** Rows of a read model, in the order of the log unless they are asked for by a column. */
export function readRows<T extends Table>(sql: Sql, table: T, question: Question<T>): Promise<readonly RowOf<T>[]> {
  const { after, limit, by } = question
  const first = by === undefined ? sql`` : sql`${read(sql, table, by)} nulls last, `
  const { name, columns, reads = {} } = table
  const columnsRead = Object.keys(reads)
    .filter(column => column in columns)
    .reduce((all, column) => sql`${all}, ${read(sql, table, column)} as ${sql(column)}`, sql`*`)
  return sql<RowOf<T>[]>`select ${columnsRead} from read_model.${sql(name)} where ${hold(sql, table, question)}
    ${after === undefined ? sql`` : sql`and position > ${after.toString()}`}
    order by ${first}position ${limit === undefined ? sql`` : sql`limit ${limit}`}`
}

const read = (sql: Sql, { reads = {} }: Table, column: string) => (reads[column] === undefined ? sql(column) : sql.unsafe(reads[column]))

/** All of the conditions, and those of one alternative where there are any. */
function hold<T extends Table>(sql: Sql, table: T, { where, oneOf }: Which<T>): Part {
  const all = (conditions: readonly Condition<T>[]) =>
    conditions.reduce((one, condition) => sql`${one} and ${holds(sql, table, condition)}`, sql`true`)
  if (oneOf === undefined) return all(where)
  return sql`${all(where)} and (${oneOf.reduce((one, conditions) => sql`${one} or (${all(conditions)})`, sql`false`)})`
}

type Part = PendingQuery<Row[]>
function holds(sql: Sql, table: Table, condition: Condition<Table>): Part {
  const column = read(sql, table, condition.column)
  const any = (values: readonly string[]) =>
    table.columns[condition.column]?.type === 'uuid' ? sql`(${[...values]}::uuid[])` : sql`(${[...values]}::text[])`
  switch (condition.is) {
    case 'among':
      return sql`${column} = any ${any(condition.values)}`
    case 'outside':
      return sql`${column} <> all ${any(condition.values)}`
    case 'holds':
      return sql`${condition.value} = any (${column})`
    case 'lacks':
      return sql`${condition.value} <> all (${column})`
    case 'in': {
      const { rows } = condition
      return sql`${column} in (select ${read(sql, rows.table, rows.column)} from read_model.${sql(rows.table.name)}
        where ${hold(sql, rows.table, rows)})`
    }
    case '=':
    case '<>':
    case '>=':
    case '<':
      return sql`${column} ${sql.unsafe(condition.is)} ${condition.value}`
  }
}

/** One row, by its key. */
export async function readRow<T extends Table>(sql: Sql, { name, key }: T, value: string): Promise<RowOf<T> | undefined> {
  const [row] = await sql<RowOf<T>[]>`select * from read_model.${sql(name)} where ${sql(key)} = ${value}`
  return row
}
