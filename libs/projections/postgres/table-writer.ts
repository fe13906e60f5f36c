import type { JSONValue, Sql, TransactionSql } from 'postgres'
import type { Change, Row, Table, Value } from '../projection.js'

type Db = Sql | TransactionSql
/** Tables are live in `read_model`, and are built beside in a schema of their own. */
export type Place<D extends Db = Db> = { readonly sql: D; readonly schema: 'read_model' | 'read_model_build' }
type Merged = { readonly table: Table; readonly puts: Map<Value, Row>; readonly patches: Map<Value, Row> }

/** Merges a batch's changes row by row, so that each row is written once. */
export function mergeChanges(changes: readonly Change[]): readonly Merged[] {
  const tables = new Map<string, Merged>()
  for (const change of changes) {
    const { table } = change
    const merged: Merged = tables.get(table.name) ?? { table, puts: new Map<Value, Row>(), patches: new Map<Value, Row>() }
    tables.set(table.name, merged)
    if ('put' in change) {
      merged.puts.set(change.put[table.key] as Value, change.put)
      merged.patches.delete(change.put[table.key] as Value)
      continue
    }
    const key = change.patch[table.key] as Value
    const put = merged.puts.get(key)
    if (put) merged.puts.set(key, { ...put, ...change.patch })
    else merged.patches.set(key, { ...merged.patches.get(key), ...change.patch })
  }
  return [...tables.values()]
}

export async function writeChanges(place: Place, changes: readonly Change[]) {
  for (const { table, puts, patches } of mergeChanges(changes)) {
    if (puts.size > 0) await putRows(place, table, [...puts.values()])
    for (const [key, patch] of patches) await patchRow(place, table, key, patch)
  }
}

export async function putRows({ sql, schema }: Place, table: Table, rows: readonly Row[]) {
  const columns = Object.keys(table.columns)
  const full = rows.map(row => Object.fromEntries(columns.map(column => [column, bound(sql, table, column, row[column] ?? null)])))
  const updates = columns.filter(column => column !== table.key).map(column => `${column} = excluded.${column}`).join(', ')
  await sql`insert into ${sql(schema)}.${sql(table.name)} ${sql(full, columns)} on conflict (${sql(table.key)}) do update set ${sql.unsafe(updates)}`
}

async function patchRow({ sql, schema }: Place, table: Table, key: Value, patch: Row) {
  const changed = Object.fromEntries(Object.entries(patch).filter(([column]) => column !== table.key).map(([column, value]) => [column, bound(sql, table, column, value)]))
  if (Object.keys(changed).length === 0) return
  await sql`update ${sql(schema)}.${sql(table.name)} set ${sql(changed)} where ${sql(table.key)} = ${bound(sql, table, table.key, key)}`
}

/** @throws Error for a column that the table does not declare: undeclared data does not reach a read model. */
function bound(sql: Db, table: Table, column: string, value: Value) {
  const declared = table.columns[column]
  if (!declared) throw new Error(`${table.name}.${column} is not declared`)
  if (value === null) return null
  if (declared.type === 'jsonb') return sql.json(value as JSONValue)
  if (typeof value === 'bigint') return value.toString()
  return value as string | number | boolean | string[]
}

/** Takes the dead ciphertexts of a person out of every declared column: the runner's purge. */
export async function purge({ sql, schema }: Place, tables: readonly Table[], subject: string, kids: readonly string[]) {
  if (kids.length === 0) return
  for (const table of tables) {
    if (table.subject === undefined) continue
    for (const [column, { personal }] of Object.entries(table.columns)) {
      if (personal === 'sealed') {
        await sql`update ${sql(schema)}.${sql(table.name)} set ${sql(column)} = null where ${sql(table.subject)} = ${subject} and ${sql(column)} ->> 'kid' = any (${[...kids]})`
      }
      if (personal === 'sealed-map') {
        await sql`update ${sql(schema)}.${sql(table.name)} set ${sql(column)} = coalesce(
          (select jsonb_object_agg(e.key, e.value) from jsonb_each(${sql(column)}) e where not e.value ->> 'kid' = any (${[...kids]})), '{}'::jsonb)
          where ${sql(table.subject)} = ${subject}`
      }
    }
  }
}

/** How many sealed values under these keys the declared columns still hold. */
export async function countSealed(sql: Db, tables: readonly Table[], subject: string, kids: readonly string[]): Promise<number> {
  let found = 0
  for (const table of tables) {
    if (table.subject === undefined) continue
    for (const [column, { personal }] of Object.entries(table.columns)) {
      if (personal === 'no') continue
      const [row] = personal === 'sealed'
        ? await sql<{ n: number }[]>`select count(*)::int as n from read_model.${sql(table.name)} where ${sql(table.subject)} = ${subject} and ${sql(column)} ->> 'kid' = any (${[...kids]})`
        : await sql<{ n: number }[]>`select count(*)::int as n from read_model.${sql(table.name)}, jsonb_each(${sql(column)}) e where ${sql(table.subject)} = ${subject} and e.value ->> 'kid' = any (${[...kids]})`
      found += row?.n ?? 0
    }
  }
  return found
}
