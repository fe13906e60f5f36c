import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gunzipSync } from 'node:zlib'
import type { Sql } from 'postgres'
import { type DataDir, dataDir } from '#hosting/data-dir'
import { inDatabase } from '#hosting/provision'
import { asAdmin, testServer } from '../support/database.js'

/** What make-dump.mjs wrote down of a release's database. */
type Dump = {
  readonly schema: readonly string[]
  readonly tables: readonly { readonly into: string; readonly rows: string }[]
  readonly sequences: readonly { readonly name: string; readonly value: string }[]
  readonly people: Readonly<Record<string, string>> & {
    readonly shared: string
    readonly erased: string
    readonly fresh: string
    readonly breachId: string
    readonly auditId: string
  }
  /** Of the signer of its checkpoints. */
  readonly vkey: string
}
export type Restored = {
  readonly admin: string
  readonly name: string
  readonly dir: DataDir
  readonly folder: string
  readonly dump: Dump
}

const ofRelease = (release: string) => join(import.meta.dirname, release)

/** A database as the release left it, and its key folder: with the release's own schema, whatever today's migrations are. */
export async function restoreRelease(release: string): Promise<Restored> {
  const dump = JSON.parse(gunzipSync(readFileSync(join(ofRelease(release), 'dump.json.gz'))).toString()) as Dump
  const name = `t_${randomBytes(6).toString('hex')}`
  await asAdmin(testServer(), async sql => {
    await makeRoles(sql)
    await sql.unsafe(`create database ${name}`)
  })
  const admin = inDatabase(testServer(), name)
  await asAdmin(admin, sql => restore(sql, dump))
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-upgrade-'))
  const dir = dataDir({ CASELEDGER_DATA_DIR: folder })
  mkdirSync(dir.keys, { mode: 0o700 })
  cpSync(join(ofRelease(release), 'keys'), dir.keys, { recursive: true })
  for (const file of readdirSync(dir.keys)) chmodSync(join(dir.keys, file), 0o600)
  return { admin, name, dir, folder, dump }
}

/** A server has roles, and a dump does not. */
const makeRoles = (sql: Sql) =>
  sql.begin(async tx => {
    await tx`select pg_advisory_xact_lock(7301)`
    for (const role of ['event_store_owner', 'vault_owner', 'ledger_owner', 'app', 'vault'])
      await tx.unsafe(
        `do $$ begin if not exists (select from pg_roles where rolname = 'caseledger_${role}')
          then create role caseledger_${role}; end if; end $$`,
      )
  })

async function restore(sql: Sql, { schema, tables, sequences }: Dump) {
  for (const step of schema) await sql.begin(tx => tx.unsafe(step))
  // As pg_restore has it: no trigger judges what was judged long ago.
  await sql`set session_replication_role = replica`
  await sql.unsafe(`truncate ${tables.map(({ into }) => into.slice(0, into.indexOf(' '))).join(', ')}`)
  for (const { into, rows } of tables)
    if (rows !== '') await pipeline(Readable.from([rows]), await sql.unsafe(`copy ${into} from stdin`).writable())
  for (const { name, value } of sequences) await sql`select setval(${name}, ${value}::bigint)`
}
