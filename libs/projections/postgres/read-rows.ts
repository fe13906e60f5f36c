import type { Helper, PendingQuery, Row, Sql } from 'postgres'
import type { Table } from '../projection.js'
import type { Condition, Question } from '../question.js'
import type { RowOf } from '../table.js'

/** Rows of a read model, in the order of the log. */
export function readRows<T extends Table>(sql: Sql, table: T, question: Question<T>): Promise<readonly RowOf<T>[]> {
  const { where, oneOf, after, limit } = question
  const { name, columns, reads = {} } = table
  const read = (column: string) => (reads[column] === undefined ? sql(column) : sql.unsafe(reads[column]))
  const columnsRead = Object.keys(reads)
    .filter(column => column in columns)
    .reduce((all, column) => sql`${all}, ${read(column)} as ${sql(column)}`, sql`*`)
  const all = (conditions: readonly Condition<T>[]) =>
    conditions.reduce((one, condition) => sql`${one} and ${holds(sql, read(condition.column), condition)}`, sql`true`)
  const any = oneOf ? oneOf.reduce((one, conditions) => sql`${one} or (${all(conditions)})`, sql`false`) : sql`true`
  return sql<RowOf<T>[]>`select ${columnsRead} from read_model.${sql(name)} where ${all(where)} and (${any})
    ${after === undefined ? sql`` : sql`and position > ${after.toString()}`}
    order by position ${limit === undefined ? sql`` : sql`limit ${limit}`}`
}

type Column = Helper<string, []> | PendingQuery<(Row & Iterable<Row>)[]>
function holds(sql: Sql, column: Column, condition: Condition<Table>) {
  switch (condition.is) {
    case 'among':
      return sql`${column} = any (${[...condition.values]}::text[])`
    case 'outside':
      return sql`${column} <> all (${[...condition.values]}::text[])`
    case 'holds':
      return sql`${condition.value} = any (${column})`
    case 'lacks':
      return sql`${condition.value} <> all (${column})`
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
