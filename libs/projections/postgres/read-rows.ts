import type { Sql } from 'postgres'
import type { Table } from '../projection.js'
import type { Question } from '../question.js'
import type { RowOf } from '../table.js'

/** Rows of a read model, in the order of the log. */
export function readRows<T extends Table>(sql: Sql, table: T, { where, after, limit }: Question<T>): Promise<readonly RowOf<T>[]> {
  const { name, columns, reads = {} } = table
  const read = (column: string) => (reads[column] === undefined ? sql(column) : sql.unsafe(reads[column]))
  const columnsRead = Object.keys(reads)
    .filter(column => column in columns)
    .reduce((all, column) => sql`${all}, ${read(column)} as ${sql(column)}`, sql`*`)
  const conditions = where.reduce((all, { column, is, value }) => sql`${all} and ${read(column)} ${sql.unsafe(is)} ${value}`, sql`true`)
  return sql<RowOf<T>[]>`select ${columnsRead} from read_model.${sql(name)} where ${conditions}
    ${after === undefined ? sql`` : sql`and position > ${after.toString()}`}
    order by position ${limit === undefined ? sql`` : sql`limit ${limit}`}`
}

/** One row, by its key. */
export async function readRow<T extends Table>(sql: Sql, { name, key }: T, value: string): Promise<RowOf<T> | undefined> {
  const [row] = await sql<RowOf<T>[]>`select * from read_model.${sql(name)} where ${sql(key)} = ${value}`
  return row
}
