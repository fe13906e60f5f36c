import type { Sql, TransactionSql } from 'postgres'
import { declarationOf, revisionOf } from '../declaration.js'
import { type Projection, type Table, createTable } from '../projection.js'
import { type Standing, lockStanding, readStanding, writeStanding } from './checkpoints.js'
import { AnotherRebuild, rebuildLock } from './rebuild-lock.js'

const start = { position: 0n, eventId: undefined }
type Schema = 'read_model' | 'read_model_build'

/**
 * How a read model stands that is as this release declares it, live or being built. Undefined: it has to be built from the start. One that
 * a release made which stored no declaration (v0.1.0) is taken over as it is where its tables are the declared ones, and only at revision
 * 1, since what that release's handlers wrote is what revision 1 writes.
 */
export async function settled(sql: Sql, projection: Projection): Promise<Standing | undefined> {
  const standing = await readStanding(sql, projection.name)
  if (!standing) return undefined
  const schema = standing.building ? 'read_model_build' : 'read_model'
  if (standing.declaration === declarationOf(projection)) return (await areThere(sql, schema, projection.tables)) ? standing : undefined
  if (standing.declaration !== undefined || revisionOf(projection) !== 1) return undefined
  return sql.begin(async tx => {
    if (!(await areThere(tx, schema, projection.tables)) || !(await areAsDeclared(tx, projection.tables))) return undefined
    await writeStanding(tx, projection, standing, false)
    return readStanding(tx, projection.name)
  })
}

/**
 * Begins to build a read model beside the live ones. Rows that are there under another declaration go at once, and not only when the new
 * ones take their place: nobody may read them any more (whoever asks is told that the read model is not visible yet), nobody applies
 * events to them any more, and so nobody would take out of them what is erased from now on. @throws AnotherRebuild while somebody rebuilds
 */
export async function beginBeside(sql: Sql, projection: Projection): Promise<Standing> {
  return sql.begin(async tx => {
    const [lock] = await tx<{ got: boolean }[]>`select pg_try_advisory_xact_lock(${rebuildLock}) as got`
    if (!lock?.got) throw new AnotherRebuild()
    await dropAll(
      tx,
      projection.name,
      projection.tables.map(({ name }) => name),
    )
    for (const table of projection.tables) await tx.unsafe(createTable(table, 'read_model_build'))
    await writeStanding(tx, projection, start, true)
    return { ...start, building: true, declaration: declarationOf(projection), tables: projection.tables.map(({ name }) => name) }
  })
}

/** Gives up what was begun: nothing is left of it that an erasure would have to wait for. */
export async function giveUpBeside(sql: Sql, projection: Projection): Promise<void> {
  await sql.begin(async tx => {
    const standing = await lockStanding(tx, projection.name)
    if (!standing?.building || standing.declaration !== declarationOf(projection)) return
    await dropAll(tx, projection.name, [])
  })
}

/** Drops read models that no longer exist, with their checkpoints. For whoever knows all that do. */
export async function dropForgotten(sql: Sql, projections: readonly Projection[]): Promise<void> {
  const names = projections.map(({ name }) => name)
  await sql.begin(async tx => {
    const forgotten = await tx<
      { projection: string }[]
    >`select projection from read_model.checkpoint where not projection = any (${names}) for update`
    for (const { projection } of forgotten) await dropAll(tx, projection, [])
  })
}

/** Makes the tables of these at once, live at the start of the log. For a database in which they have never been. */
export async function makeLive(sql: Sql, projections: readonly Projection[]): Promise<void> {
  await sql.begin(async tx => {
    await tx`set local role caseledger_app`
    await makeAll(tx, projections)
  })
}

/** The same, only where no read model has ever been: elsewhere the worker builds what is missing from what was logged before. */
export async function makeFirst(sql: Sql, projections: readonly Projection[]): Promise<void> {
  await sql.begin(async tx => {
    await tx`set local role caseledger_app`
    await tx`lock table read_model.checkpoint in share row exclusive mode`
    const known = await tx`select from read_model.checkpoint limit 1`
    if (known.length === 0) await makeAll(tx, projections)
  })
}

async function makeAll(tx: TransactionSql, projections: readonly Projection[]) {
  for (const projection of projections) {
    for (const table of projection.tables) await tx.unsafe(createTable(table))
    await writeStanding(tx, projection, start, false)
  }
}

/** With what its row says that it has, and what else may be left under the names of its tables. */
async function dropAll(tx: TransactionSql, projection: string, also: readonly string[]) {
  const standing = await lockStanding(tx, projection)
  for (const name of new Set([...(standing?.tables ?? []), ...also])) {
    await tx`drop table if exists read_model.${tx(name)}`
    await tx`drop table if exists read_model_build.${tx(name)}`
  }
  await tx`delete from read_model.parked where projection = ${projection}`
  await tx`delete from read_model.checkpoint where projection = ${projection}`
}

/** Takes the place of whatever is there under its names. */
export async function putInPlace(tx: TransactionSql, projection: Projection): Promise<void> {
  for (const { name } of projection.tables) {
    await tx`drop table if exists read_model.${tx(name)}`
    await tx`alter table read_model_build.${tx(name)} set schema read_model`
  }
}

async function areThere(sql: Sql | TransactionSql, schema: Schema, tables: readonly Table[]): Promise<boolean> {
  const names = tables.map(({ name }) => name)
  const found = await sql`select from pg_tables where schemaname = ${schema} and tablename = any (${names})`
  return found.length === names.length
}

/** The database itself says so: each is made once more, as declared, and compared. */
async function areAsDeclared(tx: TransactionSql, tables: readonly Table[]): Promise<boolean> {
  for (const table of tables) {
    const again = `as_declared_${table.name}`
    await tx.unsafe(createTable({ ...table, name: again }, 'read_model_build'))
    const [found, declared] = [await shapeOf(tx, `read_model.${table.name}`), await shapeOf(tx, `read_model_build.${again}`)]
    await tx`drop table read_model_build.${tx(again)}`
    if (found !== declared) return false
  }
  return true
}

/** Columns with their types, key and indexes, as text. */
async function shapeOf(tx: TransactionSql, table: string): Promise<string | undefined> {
  const [row] = await tx<{ shape: string }[]>`
    select json_build_array(
      (select json_agg(json_build_array(attname, format_type(atttypid, atttypmod), attnotnull) order by attname)
        from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped),
      (select json_agg(i.columns order by i.columns::text)
        from (select json_build_array(indisprimary, indisunique, (select json_agg(attname order by nth)
          from unnest(indkey) with ordinality as k (attnum, nth)
          join pg_attribute a on a.attrelid = indrelid and a.attnum = k.attnum)) as columns from pg_index
            where indrelid = ${table}::regclass) i)
    )::text as shape`
  return row?.shape
}
