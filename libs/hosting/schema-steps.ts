import type { Sql } from 'postgres'
import { commandMigrations } from '#commands/postgres/migrations'
import { eventStoreMigrations } from '#event-store/postgres/migrations'
import type { SqlMigration } from '#kernel/migration'
import { ledgerMigrations } from '#ledger/postgres/migrations'
import { processMigrations } from '#processes/postgres/migrations'
import { projectionMigrations } from '#projections/postgres/migrations'
import { vaultMigrations } from '#subject-keys/postgres/migrations'

/** Where a database remembers what was done to its schemas. */
export const migrationTable = 'caseledger_migration'

/** Read models have no migrations any more (ADR-0017): an installation from before remembers that it had this one. */
const retired: readonly SqlMigration[] = [{ name: '0001-read-models', sql: 'select' }]
/** Services that are given the URLs of the two roles bring nothing up to date, and have to know whether somebody did. */
const shown: readonly SqlMigration[] = [{ name: '0001-shown', sql: `grant select on ${migrationTable} to caseledger_app` }]

/** Named by library and number; each library goes on counting by itself, so a new one may sort before one that was applied long ago. */
const byLibrary: readonly (readonly [string, readonly SqlMigration[]])[] = [
  ['1-event-store', eventStoreMigrations],
  ['2-vault', vaultMigrations],
  ['3-commands', commandMigrations],
  ['4-projections', projectionMigrations],
  ['5-processes', processMigrations],
  ['6-read-models', retired],
  ['7-ledger', ledgerMigrations],
  ['8-migrations', shown],
]

/** Every step that this release knows, as the database remembers it. */
export const steps: readonly SqlMigration[] = byLibrary.flatMap(([library, own]) =>
  own.map(({ name, sql }) => ({ name: `${library}/${name}`, sql })),
)

/** A release that came after this one has changed the database. Waiting does not mend this. */
export class NewerDatabase extends Error {
  constructor(newer: readonly string[]) {
    super(
      `This database was migrated by a newer release (${newer.join(', ')}). Start that release, `
        + 'or restore the back-up from before it. Nothing was changed.',
    )
  }
}
/** Nobody has brought the database up to date for this release. */
export class OlderDatabase extends Error {
  constructor() {
    super(
      'This database was not brought up to date for this release: start one process of it with DATABASE_URL set '
        + '(npx caseledger projections status is one), which does that, and then this one.',
    )
  }
}

/** @throws NewerDatabase */
export async function assertNotNewer(sql: Sql): Promise<void> {
  const [found] = await sql<{ there: boolean }[]>`select to_regclass(${migrationTable}) is not null as there`
  if (found?.there) await applied(sql)
}

/** Whether a step of this release was done. */
export async function isApplied(sql: Sql, library: string, { name }: SqlMigration): Promise<boolean> {
  const [found] = await sql<{ there: boolean }[]>`select to_regclass(${migrationTable}) is not null as there`
  return found?.there === true && (await applied(sql)).has(`${library}/${name}`)
}

/** The schemas are those of this release. @throws NewerDatabase, OlderDatabase */
export async function assertUpToDate(sql: Sql): Promise<void> {
  const there = await sql<{ readable: boolean | null }[]>`
    select has_table_privilege(to_regclass(${migrationTable}), 'select') as readable`
  if (there[0]?.readable !== true) throw new OlderDatabase()
  const done = await applied(sql)
  if (!steps.every(({ name }) => done.has(name))) throw new OlderDatabase()
}

async function applied(sql: Sql): Promise<ReadonlySet<string>> {
  const done = new Set((await sql<{ name: string }[]>`select name from ${sql(migrationTable)}`).map(({ name }) => name))
  const known = new Set(steps.map(({ name }) => name))
  const newer = [...done].filter(name => !known.has(name)).sort()
  if (newer.length > 0) throw new NewerDatabase(newer)
  return done
}
