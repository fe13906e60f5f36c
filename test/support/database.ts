import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { rolePasswords } from '#hosting/role-passwords'
import { dataDir } from '#hosting/data-dir'
import { inDatabase, provision, urlsOf } from '#hosting/provision'

/** The PostgreSQL that `npm test` started. */
export function testServer(): string {
  const url = process.env['CASELEDGER_TEST_POSTGRES']
  if (!url) throw new Error('Run the tests with npm test: it starts the PostgreSQL that they need.')
  return url
}

/**
 * A database of one's own, with all schemas, gone with the server: a copy of one that is made once, because migrating takes ten times as
 * long.
 */
export async function testDatabase() {
  const [name, template] = [`t_${randomBytes(6).toString('hex')}`, await (migrated ??= migratedTemplate())]
  await asAdmin(testServer(), async sql => {
    await sql`select pg_advisory_lock_shared(${templateLock})`
    await sql.unsafe(`create database ${name} template ${templateName}`)
  })
  made.push(name)
  const urls = { app: inDatabase(template.app, name), vault: inDatabase(template.vault, name) }
  return { name, urls, admin: inDatabase(testServer(), name) }
}

const templateName = 'migrated'
const templateLock = 7302
let migrated: ReturnType<typeof migratedTemplate> | undefined
/** Several processes may want it at once, and nobody may be in it while it is copied. Whoever comes later finds it ready. */
const migratedTemplate = () =>
  asAdmin(testServer(), sql =>
    sql.begin(async tx => {
      await tx`select pg_advisory_xact_lock(${templateLock})`
      const passwords = rolePasswords(dataDir({}), testServer())
      const [found] = await tx`
        select 1 from pg_database where datname = ${templateName} and shobj_description(oid, 'pg_database') = 'ready'`
      if (found) return urlsOf(testServer(), templateName, passwords)
      const urls = await provision(testServer(), templateName, passwords)
      await tx.unsafe(`comment on database ${templateName} is 'ready'`)
      return urls
    }),
  )

/** One connection of an administrator, for as long as the work takes. */
export async function asAdmin<T>(admin: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = client(admin, 1)
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

const made: string[] = []
/** For whoever runs the same tests a thousand times on one server: a database has ten megabytes. */
export async function dropTestDatabases() {
  await asAdmin(testServer(), async sql => {
    for (const name of made.splice(0)) await sql.unsafe(`drop database if exists ${name} with (force)`)
  })
}

export const client = (url: string, max = 4) => postgres(url, { max, onnotice: () => undefined })
