import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { rolePasswords } from '#installation/backend'
import { dataDir } from '#installation/data-dir'
import { provision } from '#installation/provision'

/** The PostgreSQL that `npm test` started. */
export function testServer(): string {
  const url = process.env['CASELEDGER_TEST_POSTGRES']
  if (!url) throw new Error('Run the tests with npm test: it starts the PostgreSQL that they need.')
  return url
}

/** A database of one's own, with all schemas, gone with the server. */
export async function testDatabase() {
  const name = `t_${randomBytes(6).toString('hex')}`
  const urls = await provision(testServer(), name, rolePasswords(dataDir({}), testServer()))
  made.push(name)
  const admin = new URL(testServer())
  admin.pathname = `/${name}`
  return { name, urls, admin: admin.href }
}

const made: string[] = []
/** For whoever runs the same tests a thousand times on one server: a database has ten megabytes. */
export async function dropTestDatabases() {
  const sql = postgres(testServer(), { max: 1, onnotice: () => undefined })
  for (const name of made.splice(0)) await sql.unsafe(`drop database if exists ${name} with (force)`)
  await sql.end()
}

export const client = (url: string, max = 4) => postgres(url, { max, onnotice: () => undefined })
