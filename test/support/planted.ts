import type postgres from 'postgres'
import { asAdmin } from './database.js'

/** A column of a table as the database itself describes it. */
export type Column = {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly type: string
  readonly isIdentity: boolean
}

export async function columnsOf(admin: string, schema: string): Promise<readonly Column[]> {
  return asAdmin(admin, async sql =>
    (
      await sql<{ table_name: string; column_name: string; data_type: string; is_identity: string }[]>`
        select table_name, column_name, data_type, is_identity from information_schema.columns where table_schema = ${schema}
        order by table_name, ordinal_position`
    ).map(row => ({ schema, table: row.table_name, column: row.column_name, type: row.data_type, isIdentity: row.is_identity === 'YES' })),
  )
}

/** Other values for a column of this type: what an administrator would write who knows no more than that. */
const others: Readonly<Record<string, readonly string[]>> = {
  bigint: ['$ + 1000000', '$ - 1000000'],
  integer: ['$ + 100'],
  text: [`overlay($ placing case when substring($ from 12 for 1) = 'A' then 'B' else 'A' end from 12 for 1)`],
  bytea: ['set_byte($, octet_length($) / 2, get_byte($, octet_length($) / 2) # 1)', 'set_byte($, 0, get_byte($, 0) # 1)'],
  uuid: ['gen_random_uuid()'],
  boolean: ['not $'],
  'timestamp with time zone': [`$ + interval '20 days'`, `$ - interval '20 days'`, `'infinity'`],
}
export function otherValues({ column, type }: Column): readonly string[] {
  const found = others[type]
  if (!found) throw new Error(`a column of type ${type} is new: say what somebody would write into it`)
  return found.map(value => value.replaceAll('$', column))
}

/** As somebody with every right: without triggers, and without what keys forbid. */
export const asInsider = <T>(admin: string, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> =>
  asAdmin(admin, sql =>
    sql.begin(async tx => {
      await tx`set local session_replication_role = replica`
      return work(tx)
    }),
  ) as Promise<T>

/** Writes another value into a column of some rows; answers of how many. */
export async function change(
  tx: postgres.TransactionSql,
  { schema, table, column, isIdentity }: Column,
  value: string,
  where: string,
): Promise<number> {
  const generated = (how: string) => tx.unsafe(`alter table ${schema}.${table} alter column ${column} set generated ${how}`)
  if (isIdentity) await generated('by default')
  const { count } = await tx.unsafe(`update ${schema}.${table} set ${column} = ${value}${where}`)
  if (isIdentity) await generated('always')
  return count
}
