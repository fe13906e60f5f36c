import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { isAbsolute, join, relative, sep } from 'node:path'
import postgres, { type Sql } from 'postgres'
import { Commands } from '#commands/commands'
import { StreamFolds } from '#commands/folds'
import { PostgresCommandTables } from '#commands/postgres/postgres-command-tables'
import { catalogue } from '#event-codec/catalogue'
import { EventCodec } from '#event-codec/codec'
import type { EventStore } from '#event-store/event-store'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { type Clock, systemClock } from '#kernel/clock'
import { ledgerStream } from '#verifier/bundle-layout'
import { LedgerReader } from '#ledger/postgres/ledger-reader'
import { ReadModels } from '#projections/postgres/read-models'
import { projections } from '#read-models/all'
import { FileKeyProvider } from '#subject-keys/file-key-provider'
import { FileRevocationJournal } from '#subject-keys/file-revocation-journal'
import { PostgresSubjectKeys } from '#subject-keys/postgres/postgres-subject-keys'
import type { KeyProvider } from '#subject-keys/key-provider'
import type { GateReport, KeyHistory } from '#subject-keys/restore-gate'
import type { RevocationJournal } from '#subject-keys/revocation-journal'
import { TrustPolicy } from '#merkle/trust-policy'
import { Metrics } from '#telemetry/metrics'
import type { DataDir } from '#hosting/data-dir'
import { LogKeyHistory } from '#processes/key-history'
import { connectAgain } from '#hosting/one-connection'
import { assertUpToDate } from '#hosting/schema-steps'
import type { DatabaseUrls } from '#hosting/role-passwords'
import { secretFile } from '#hosting/secret-file'
import { type EventStoreChoice, clockLimits, eventStoreChoice, isProduction, witnessing } from '#hosting/settings'
import { Clocks, appendByTheClock } from './clocks.js'
import { type WhichLog, assertOwnLog, bindLogAndVault } from './log-and-vault.js'
import { StoredAsSent } from './stored-as-sent.js'
import { watchBackend } from './watched.js'

/** Everything below the doors, put together once per process. */
export type Backend = {
  readonly clock: Clock
  readonly clocks: Clocks
  readonly sql: Sql
  readonly store: EventStore
  readonly codec: EventCodec
  readonly keys: PostgresSubjectKeys
  readonly journal: RevocationJournal
  readonly history: KeyHistory
  /** The vault's database and key provider, for what operators do with the whole of it. */
  readonly vault: { readonly sql: Sql; readonly provider: KeyProvider }
  readonly folds: StreamFolds
  readonly commands: Commands
  readonly tables: PostgresCommandTables
  readonly readModels: ReadModels
  readonly ledger: LedgerReader
  readonly serviceKey: string
  readonly metrics: Metrics
  readonly storedAsSent: StoredAsSent
  /** The log still names this vault, and the vault this log. @throws WrongLog, StoreUnavailable, KeyStoreUnavailable */
  assertOwnLog(): Promise<void>
  close(): Promise<void>
}

/** Names this process to PostgreSQL, so that one can tell whether others are at work. */
const applicationName = `caseledger ${randomBytes(4).toString('hex')}`
const client = (url: string, max: number, onclose: () => void = () => undefined) =>
  postgres(url, {
    max,
    connect_timeout: 5,
    backoff: connectAgain,
    idle_timeout: 300,
    onnotice: () => undefined,
    onclose,
    connection: { application_name: applicationName, statement_timeout: 15_000 },
  })

/**
 * @throws NewerDatabase, OlderDatabase, WrongLog, WrongKeyProvider, KeyStoreUnavailable, StoreUnavailable, UnsafeEventStoreUrl; Error for
 * settings that do not fit: then the process does not start.
 */
export async function openBackend(
  urls: DatabaseUrls,
  dir: DataDir,
  choice: EventStoreChoice = eventStoreChoice(),
  which: WhichLog = 'own',
  clock: Clock = systemClock,
): Promise<Backend> {
  if (isProduction() && !isOutside(dir.keys, dir.root))
    throw new Error(
      'In production the key folder lies outside the data folder: set CASELEDGER_KEYS_DIR, so that a copy of the data opens nothing.',
    )
  const store = await openEventStore(choice, urls)
  const sql = client(urls.app, 10)
  const ledger = new LedgerReader(sql, mayPublish())
  const clocks = new Clocks(clock, sql, store, clockLimits(), async () => {
    const standing = await ledger.standing()
    return standing && ledgerStream(standing.origin)
  })
  appendByTheClock(store, clocks)
  // A connection that closes may come back to a database that was restored meanwhile.
  let doubt = () => {}
  const vault = client(urls.vault, 6, () => {
    doubt()
  })
  const journal = new FileRevocationJournal(join(dir.keys, 'revoked.jsonl'), () => clock.now())
  const provider = new FileKeyProvider(dir.keys)
  const close = async () => {
    await store.close()
    await Promise.all([sql.end({ timeout: 5 }), vault.end({ timeout: 5 })])
  }
  const orClose = async <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      // A client of a database that died may take its time.
      close().catch(() => undefined)
      throw error
    })
  await orClose(assertUpToDate(sql))
  const keys = await orClose(PostgresSubjectKeys.start(vault, { provider, journal }))
  doubt = () => {
    keys.doubt()
  }
  const codec = new EventCodec(catalogue, keys)
  await orClose(bindLogAndVault({ store, codec, vault, clock }, choice, which))
  const folds = new StreamFolds(store, codec)
  const commands = new Commands(store, codec, folds, clock)
  const history = new LogKeyHistory(store, codec, folds, commands)
  keys.hear(history, sayWhatWasRestored)
  const metrics = new Metrics()
  const storedAsSent = new StoredAsSent()
  watchBackend({ store, keys, commands }, metrics, storedAsSent)
  return {
    clock,
    clocks,
    sql,
    store,
    codec,
    keys,
    journal,
    history,
    vault: { sql: vault, provider },
    folds,
    commands,
    tables: new PostgresCommandTables(sql),
    readModels: new ReadModels(sql, projections),
    ledger,
    serviceKey: serviceKey(dir),
    metrics,
    storedAsSent,
    assertOwnLog: () => assertOwnLog({ store, codec, vault }),
    close,
  }
}

async function openEventStore(choice: EventStoreChoice, { app }: DatabaseUrls): Promise<EventStore> {
  switch (choice.kind) {
    case 'postgres':
      return new PostgresEventStore(client(app, 6), client(app, 2))
    case 'eventstoredb': {
      // Its client takes a third of a second to load.
      const { EventStoreDbEventStore } = await import('#event-store/eventstoredb/eventstoredb-event-store')
      return new EventStoreDbEventStore(choice)
    }
  }
}

/** Fail-closed: only a checkpoint that the witnesses of the policy saw is shown. */
function mayPublish(): ((note: string) => boolean) | undefined {
  const { policyFile, mode } = witnessing()
  if (mode === 'open' || policyFile === undefined) return undefined
  const policy = TrustPolicy.parse(readFileSync(policyFile))
  return note => policy.open(note).quorum
}

/** A restore leaves traces that somebody has to know of: counts only. */
function sayWhatWasRestored({ rewound, undead, refenced, reinstated, lost }: GateReport) {
  if (!rewound && undead + refenced + reinstated + lost.length === 0) return
  process.stderr.write(
    `The vault was compared with log and journal${rewound ? ', which is not the log that it knew' : ''}: `
      + `${undead} erased keys had come back and were destroyed, ${refenced} fences were put back, `
      + `${reinstated} keys that had been replaced were not, in this log, ${lost.length} keys are lost. See caseledger keys reconcile.\n`,
  )
}

function isOutside(folder: string, root: string): boolean {
  const [from, to] = [root, folder].map(path => (existsSync(path) ? realpathSync(path) : path)) as [string, string]
  const way = relative(from, to)
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
}

/** The key from which command ids and staff identities are derived. */
function serviceKey(dir: DataDir): string {
  mkdirSync(dir.keys, { recursive: true, mode: 0o700 })
  return secretFile(join(dir.keys, 'service.key'), () => randomBytes(32).toString('base64url'))
}
