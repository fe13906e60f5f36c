import { Kysely, type Migration, Migrator, sql as raw } from 'kysely'
import { PostgresJSDialect } from 'kysely-postgres-js'
import { assertEventsInPlace } from '#event-store/postgres/events-in-place'
import { betweenFirstAndLast } from '#event-store/postgres/migrations/0004-between-first-and-last'
import { overOneConnection } from './one-connection.js'
import { assertNotNewer, isApplied, migrationTable, steps } from './schema-steps.js'

/** Brings the schemas of a database up to date. @throws NewerDatabase, EventsOutOfPlace: then nothing is changed */
export const migrate = (url: string) =>
  overOneConnection(url, async client => {
    await assertNotNewer(client)
    if (!(await isApplied(client, '1-event-store', betweenFirstAndLast))) await assertEventsInPlace(client)
    const db = new Kysely<unknown>({ dialect: new PostgresJSDialect({ postgres: client }) })
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve(migrations()) },
      migrationTableName: migrationTable,
      migrationLockTableName: 'caseledger_migration_lock',
      allowUnorderedMigrations: true,
    })
    const { error } = await migrator.migrateToLatest()
    if (error) throw error instanceof Error ? error : new Error('The migration failed')
  })

function migrations(): Record<string, Migration> {
  return Object.fromEntries(
    steps.map(({ name, sql }) => [
      name,
      {
        up: (db: Kysely<unknown>) =>
          raw
            .raw(sql)
            .execute(db)
            .then(() => undefined),
      } satisfies Migration,
    ]),
  )
}
