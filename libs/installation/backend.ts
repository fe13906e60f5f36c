import { mkdirSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import postgres, { type Sql } from 'postgres'
import { Commands } from '#commands/commands'
import { StreamFolds } from '#commands/folds'
import { PostgresCommandTables } from '#commands/postgres/postgres-command-tables'
import { catalogue } from '#event-codec/catalogue'
import { EventCodec } from '#event-codec/codec'
import type { EventStore } from '#event-store/event-store'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { type Clock, systemClock } from '#kernel/clock'
import { ReadModels } from '#projections/postgres/read-models'
import { projections } from '#read-models/all'
import { FileKeyProvider } from '#subject-keys/file-key-provider'
import { PostgresSubjectKeys } from '#subject-keys/postgres/postgres-subject-keys'
import type { DataDir } from './data-dir.js'
import type { RolePasswords } from './provision.js'
import { secretFile } from './secret-file.js'

/** Everything below the doors, put together once per process. */
export type Backend = {
  readonly clock: Clock
  readonly sql: Sql
  readonly store: EventStore
  readonly codec: EventCodec
  readonly keys: PostgresSubjectKeys
  readonly folds: StreamFolds
  readonly commands: Commands
  readonly tables: PostgresCommandTables
  readonly readModels: ReadModels
  readonly serviceKey: string
  close(): Promise<void>
}
export type DatabaseUrls = { readonly app: string; readonly vault: string }

const client = (url: string, max: number) => postgres(url, { max, connect_timeout: 5, idle_timeout: 300, onnotice: () => undefined, connection: { application_name: 'caseledger', statement_timeout: 15_000 } })

/** @throws WrongKeyProvider, KeyStoreUnavailable: then the process does not start. */
export async function openBackend(urls: DatabaseUrls, dir: DataDir): Promise<Backend> {
  const clock = systemClock
  const sql = client(urls.app, 10)
  const log = client(urls.app, 6)
  const vault = client(urls.vault, 6)
  const store = new PostgresEventStore(log, client(urls.app, 2))
  const keys = await PostgresSubjectKeys.start(vault, new FileKeyProvider(dir.keys))
  const codec = new EventCodec(catalogue, keys)
  const folds = new StreamFolds(store, codec)
  return {
    clock, sql, store, codec, keys, folds,
    commands: new Commands(store, codec, folds, clock),
    tables: new PostgresCommandTables(sql),
    readModels: new ReadModels(sql, projections),
    serviceKey: serviceKey(dir),
    close: async () => {
      await store.close()
      await Promise.all([sql.end({ timeout: 5 }), vault.end({ timeout: 5 })])
    },
  }
}

/** The key from which command ids and staff identities are derived. */
function serviceKey(dir: DataDir): string {
  mkdirSync(dir.keys, { recursive: true, mode: 0o700 })
  return secretFile(join(dir.keys, 'service.key'), () => randomBytes(32).toString('base64url'))
}

/** The passwords of the two database roles, made once. */
export function rolePasswords(dir: DataDir): RolePasswords {
  mkdirSync(dir.secrets, { recursive: true, mode: 0o700 })
  const password = (role: string) => secretFile(join(dir.secrets, `${role}-password`), () => randomBytes(24).toString('base64url'))
  return { app: password('app'), vault: password('vault') }
}
