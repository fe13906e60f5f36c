import type { Sql } from 'postgres'
import { makeFirst } from '#projections/postgres/settle'
import { projections } from '#read-models/all'
import { overOneConnection } from './one-connection.js'
import type { DatabaseUrls, RolePasswords } from './role-passwords.js'

const owners = ['caseledger_event_store_owner', 'caseledger_vault_owner', 'caseledger_ledger_owner']
export const databaseRoles: readonly string[] = [...owners, 'caseledger_app', 'caseledger_vault']

/**
 * Makes a database with its roles and brings it up to date. `admin` is the URL of a superuser, or of a role that may make roles and owns
 * the database.
 * Idempotent. Answers the URLs to work with. @throws NewerDatabase, EventsOutOfPlace: then no schema is changed
 */
export async function provision(admin: string, database: string, passwords: RolePasswords): Promise<DatabaseUrls> {
  if (!/^[a-z][a-z0-9_]{0,60}$/.test(database)) throw new Error('A database name is lower-case letters, digits and underscores')
  await inCluster(admin, cluster => makeRoles(cluster, passwords))
  await inNamed(admin, async cluster => {
    const found = await cluster`select from pg_database where datname = ${database}`
    if (found.length === 0) await cluster.unsafe(`create database ${database}`)
  })
  await migrate(inDatabase(admin, database))
  await overOneConnection(inDatabase(admin, database), sql => makeFirst(sql, projections))
  return urlsOf(admin, database, passwords)
}
/** The URLs to work with in a database that was provisioned. */
export const urlsOf = (admin: string, database: string, passwords: RolePasswords): DatabaseUrls => ({
  app: inDatabase(admin, database, ['caseledger_app', passwords.app]),
  vault: inDatabase(admin, database, ['caseledger_vault', passwords.vault]),
})

const doesNotExist = '3D000'
const mayNotConnect = ['42501', '28000']
/** In the one or, where that answers with one of these codes, in the other. */
async function inEither(url: string, refusals: readonly string[], other: string, work: (cluster: Sql) => Promise<void>): Promise<void> {
  try {
    await overOneConnection(url, work)
  } catch (error) {
    if (!refusals.includes(String((error as { code?: unknown }).code))) throw error
    await overOneConnection(other, work)
  }
}
/** In the database that the URL names or, where that is still to be made, in the one that every server has. */
const inNamed = (admin: string, work: (cluster: Sql) => Promise<void>) =>
  inEither(admin, [doesNotExist], inDatabase(admin, 'postgres'), work)
/**
 * In the database that every server has, if it lets us in: roles belong to the whole server and advisory locks to one database, so that
 * installations that start at once have to take the lock in the same one.
 */
const inCluster = (admin: string, work: (cluster: Sql) => Promise<void>) =>
  inEither(inDatabase(admin, 'postgres'), [doesNotExist, ...mayNotConnect], admin, work)

async function makeRoles(cluster: Sql, { app, vault }: RolePasswords) {
  await cluster.begin(async sql => {
    await sql`select pg_advisory_xact_lock(7301)`
    const have = new Set(
      (await sql<{ rolname: string }[]>`select rolname from pg_roles where rolname like 'caseledger%'`).map(({ rolname }) => rolname),
    )
    for (const owner of owners) if (!have.has(owner)) await sql.unsafe(`create role ${owner} nologin`)
    for (const [role, password] of [
      ['caseledger_app', app],
      ['caseledger_vault', vault],
    ] as const) {
      if (!/^[A-Za-z0-9_-]{1,100}$/.test(password)) throw new Error('A role password is base64url text')
      await sql.unsafe(`${have.has(role) ? 'alter' : 'create'} role ${role} login password '${password}'`)
    }
    // Who is not a superuser may make schemas only for roles of which they are a member.
    const [admin] = await sql<{ super: boolean }[]>`select rolsuper as super from pg_roles where rolname = current_user`
    if (!admin?.super) for (const role of databaseRoles) await sql.unsafe(`grant ${role} to current_user`)
  })
}

/** Six hundred modules of a library, for the one step of a start that needs them: loaded when it comes, once. */
let migrating: Promise<typeof import('./migrate.js')> | undefined
const migrate = async (url: string) => (await (migrating ??= import('./migrate.js'))).migrate(url)

/** The same server's URL for another database, and for whoever logs in there. */
export function inDatabase(admin: string, database: string, login?: readonly [string, string]) {
  const url = new URL(admin)
  url.pathname = `/${database}`
  if (login) [url.username, url.password] = login
  return url.href
}
