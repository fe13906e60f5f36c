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
    for (const alike of alikeIn([...patches].map(([key, patch]) => ({ ...patch, [table.key]: key })))) await patchRows(place, table, alike)
  }
}

/** Patches of the same columns go in one statement. */
function alikeIn(patches: readonly Row[]): Iterable<readonly Row[]> {
  const groups = new Map<string, Row[]>()
  for (const patch of patches) {
    const columns = Object.keys(patch).sort().join()
    const group = groups.get(columns)
    if (group) group.push(patch)
    else groups.set(columns, [patch])
  }
  return groups.values()
}

/** All rows are one parameter: binding each of their values costs more than PostgreSQL needs to take the text apart. */
export async function putRows({ sql, schema }: Place, table: Table, rows: readonly Row[]) {
  const columns = Object.keys(table.columns)
  const updates = columns
    .filter(column => column !== table.key)
    .map(column => `${column} = excluded.${column}`)
    .join(', ')
  const full = rows.map(row => Object.fromEntries(columns.map(column => [column, written(table, column, row[column] ?? null)])))
  await sql`insert into ${sql(schema)}.${sql(table.name)} ${sql.unsafe(`(${columns.join(', ')})`)} select *
    from jsonb_to_recordset(${sql.json(full)}) as ${sql.unsafe(`r (${typed(table, columns)})`)}
    on conflict (${sql(table.key)}) do update set ${sql.unsafe(updates)}`
}

async function patchRows({ sql, schema }: Place, table: Table, patches: readonly Row[]) {
  const columns = Object.keys(patches[0] ?? {})
  const changed = columns.filter(column => column !== table.key)
  if (changed.length === 0) return
  const rows = patches.map(patch => Object.fromEntries(columns.map(column => [column, written(table, column, patch[column] ?? null)])))
  await sql`update ${sql(schema)}.${sql(table.name)} t set ${sql.unsafe(changed.map(column => `${column} = r.${column}`).join(', '))}
    from jsonb_to_recordset(${sql.json(rows)}) as ${sql.unsafe(`r (${typed(table, columns)})`)}
      where t.${sql(table.key)} = r.${sql(table.key)}`
}

const typed = (table: Table, columns: readonly string[]) =>
  columns.map(column => `${column} ${table.columns[column]?.type ?? ''}`).join(', ')

/** @throws Error for a column that the table does not declare: undeclared data does not reach a read model. */
function written(table: Table, column: string, value: Value): JSONValue {
  if (!table.columns[column]) throw new Error(`${table.name}.${column} is not declared`)
  return typeof value === 'bigint' ? value.toString() : value
}

/** Takes the ciphertexts under these keys out of every declared column of these people: the runner's purge. */
export async function purge({ sql, schema }: Place, tables: readonly Table[], subjects: readonly string[], kids: readonly string[]) {
  if (kids.length === 0) return
  for (const table of tables) {
    if (table.subject === undefined) continue
    for (const [column, { personal }] of Object.entries(table.columns)) {
      if (personal === 'sealed') {
        await sql`update ${sql(schema)}.${sql(table.name)} set ${sql(column)} = null
          where ${sql(table.subject)} = any (${[...subjects]}::uuid[]) and ${sql(column)} ->> 'kid' = any (${[...kids]})`
      }
      if (personal === 'sealed-map') {
        await sql`update ${sql(schema)}.${sql(table.name)} set ${sql(column)} = coalesce(
            (select jsonb_object_agg(e.key, e.value) from jsonb_each(${sql(column)}) e
              where not e.value ->> 'kid' = any (${[...kids]})), '{}'::jsonb)
          where ${sql(table.subject)} = any (${[...subjects]}::uuid[])`
      }
    }
  }
}

/** How many sealed values under these keys the declared columns still hold. */
export async function countSealed(
  { sql, schema }: Place,
  tables: readonly Table[],
  subject: string,
  kids: readonly string[],
): Promise<number> {
  let found = 0
  for (const table of tables) {
    if (table.subject === undefined) continue
    for (const [column, { personal }] of Object.entries(table.columns)) {
      if (personal === 'no') continue
      const [row] =
        personal === 'sealed'
          ? await sql<
              { n: number }[]
            >`select count(*)::int as n from ${sql(schema)}.${sql(table.name)} where ${sql(table.subject)} = ${subject}
              and ${sql(column)} ->> 'kid' = any (${[...kids]})`
          : await sql<{ n: number }[]>`select count(*)::int as n from ${sql(schema)}.${sql(table.name)}, jsonb_each(${sql(column)}) e
              where ${sql(table.subject)} = ${subject} and e.value ->> 'kid' = any (${[...kids]})`
      found += row?.n ?? 0
    }
  }
  return found
}
