import { existsSync } from 'node:fs'
import { parseEventStoreUrl } from '#event-store/eventstoredb/url'

/**
 * Where the log is kept: CASELEDGER_EVENT_STORE, by default `postgres`; for `eventstoredb` also EVENTSTOREDB_URL and, on a shared server,
 * CASELEDGER_EVENT_STORE_NAMESPACE.
 */
export type EventStoreChoice =
  { readonly kind: 'postgres' } | { readonly kind: 'eventstoredb'; readonly url: string; readonly namespace: string | undefined }

/** @throws Error, MalformedEventStoreUrl, which name the variable and what would be right. */
export function eventStoreChoice(env: NodeJS.ProcessEnv = process.env): EventStoreChoice {
  const kind = env['CASELEDGER_EVENT_STORE'] || 'postgres'
  switch (kind) {
    case 'postgres':
      return { kind }
    case 'eventstoredb': {
      const url = env['EVENTSTOREDB_URL']
      if (!url) throw new Error('CASELEDGER_EVENT_STORE=eventstoredb needs EVENTSTOREDB_URL, such as esdb://127.0.0.1:2113?tls=false')
      parseEventStoreUrl(url)
      const namespace = env['CASELEDGER_EVENT_STORE_NAMESPACE'] || undefined
      if (namespace !== undefined && !/^[a-z][a-z0-9]{0,39}$/.test(namespace))
        throw new Error('CASELEDGER_EVENT_STORE_NAMESPACE is a lower-case letter and up to 39 lower-case letters and digits')
      return { kind, url, namespace }
    }
    default:
      throw new Error('CASELEDGER_EVENT_STORE is postgres or eventstoredb')
  }
}

/** A PostgreSQL of the operator's own: DATABASE_URL, with a role that may make roles and schemas. Undefined: the embedded one serves. */
export function databaseUrl(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = env['DATABASE_URL']
  if (!url) return undefined
  return databaseUrlIn('DATABASE_URL', url)
}

/**
 * The URLs of the two database roles, where a process is given them instead: CASELEDGER_APP_DATABASE_URL and
 * CASELEDGER_VAULT_DATABASE_URL. @throws Error
 */
export function roleUrls(env: NodeJS.ProcessEnv = process.env): { readonly app: string; readonly vault: string } | undefined {
  const [app, vault] = [env['CASELEDGER_APP_DATABASE_URL'], env['CASELEDGER_VAULT_DATABASE_URL']]
  return app && vault
    ? { app: databaseUrlIn('CASELEDGER_APP_DATABASE_URL', app), vault: databaseUrlIn('CASELEDGER_VAULT_DATABASE_URL', vault) }
    : undefined
}

function databaseUrlIn(name: string, url: string): string {
  const wrong = new Error(
    `${name} is postgres://user:password@host:port/database, the database’s name in lower case, `
      + 'and what is special in the password percent-encoded',
  )
  if (!/^postgres(ql)?:\/\/[^/]+\/[a-z][a-z0-9_]{0,60}(\?|$)/.test(url)) throw wrong
  try {
    const { username, password, hostname } = new URL(url)
    for (const part of [username, password]) decodeURIComponent(part)
    if (!hostname) throw wrong
  } catch {
    throw wrong
  }
  return url
}

/** What is for tests, and says nothing of an installation. */
const forTests = ['CASELEDGER_SEEDS', 'CASELEDGER_EVERY_STEP', 'CASELEDGER_TEST_POSTGRES', 'CASELEDGER_LOG_LEVEL']
/**
 * The environment for a program that brings a database and a vault of its own, as the demo and the tests do: without whatever says where
 * an operator's are.
 */
export const withoutInstallation = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => forTests.includes(name) || !/^(CASELEDGER_|DATABASE_URL$|OTEL_)/.test(name)))

export const isProduction = (env: NodeJS.ProcessEnv = process.env) => env['NODE_ENV'] === 'production'

/** How often what is new in the audit ledger is signed: CASELEDGER_CHECKPOINT_SECONDS, by default 10. @throws Error */
export function checkpointSeconds(env: NodeJS.ProcessEnv = process.env): number {
  return wholeNumber('CASELEDGER_CHECKPOINT_SECONDS', env['CASELEDGER_CHECKPOINT_SECONDS'], { unless: 10, of: 'seconds', from: 1, to: 600 })
}

/**
 * Whom the ledger shows its checkpoints to, and whether it publishes one that not enough of them saw: CASELEDGER_LEDGER_POLICY, a trust
 * policy with the witnesses' addresses, and CASELEDGER_WITNESS_MODE. @throws Error
 */
export function witnessing(env: NodeJS.ProcessEnv = process.env): {
  readonly policyFile: string | undefined
  readonly mode: 'open' | 'closed'
} {
  const mode = env['CASELEDGER_WITNESS_MODE'] || 'open'
  if (mode !== 'open' && mode !== 'closed') throw new Error('CASELEDGER_WITNESS_MODE is open or closed')
  const policyFile = env['CASELEDGER_LEDGER_POLICY'] || undefined
  if (mode === 'closed' && policyFile === undefined)
    throw new Error('CASELEDGER_WITNESS_MODE=closed needs CASELEDGER_LEDGER_POLICY: which witnesses have to see a checkpoint')
  if (policyFile !== undefined && !existsSync(policyFile)) throw new Error('CASELEDGER_LEDGER_POLICY names no file that is there')
  return { policyFile, mode }
}

/** How long an epoch lasts: CASELEDGER_ROTATION_DAYS, by default 30. Certificates state it. @throws Error */
export function rotationDays(env: NodeJS.ProcessEnv = process.env): number {
  return wholeNumber('CASELEDGER_ROTATION_DAYS', env['CASELEDGER_ROTATION_DAYS'], { unless: 30, of: 'days', from: 1, to: 3_650 })
}

/**
 * What else is done with checkpoints: CASELEDGER_CHECKPOINT_SINK, a folder that keeps each; CASELEDGER_TIMESTAMP_URL, a time-stamping
 * authority (RFC 3161) that is asked once an hour. @throws Error
 */
export function anchoring(env: NodeJS.ProcessEnv = process.env): {
  readonly sink: string | undefined
  readonly timestampUrl: string | undefined
} {
  const timestampUrl = env['CASELEDGER_TIMESTAMP_URL'] || undefined
  if (timestampUrl !== undefined && !/^https?:\/\/[^\s]+$/.test(timestampUrl))
    throw new Error('CASELEDGER_TIMESTAMP_URL is the http or https address of a time-stamping authority')
  return { sink: env['CASELEDGER_CHECKPOINT_SINK'] || undefined, timestampUrl }
}

/**
 * Where a process listens: PORT, by default 3000 and a witness’s 3100, 0 for any that is free; and HOST, by default 127.0.0.1. @throws
 * Error
 */
export function listeningPlace(env: NodeJS.ProcessEnv = process.env, unless = 3_000): { readonly port: number; readonly host: string } {
  const host = env['HOST'] || '127.0.0.1'
  if (!/^[A-Za-z0-9.:_%-]+$/.test(host))
    throw new Error('HOST is the name or the address of an interface of this machine, such as 127.0.0.1')
  return { port: wholeNumber('PORT', env['PORT'], { unless, from: 0, to: 65_535 }), host }
}

/** How often one caller may ask: CASELEDGER_REQUESTS_PER_SECOND, by default 1000. @throws Error */
export function requestsPerSecond(env: NodeJS.ProcessEnv = process.env): number {
  return wholeNumber('CASELEDGER_REQUESTS_PER_SECOND', env['CASELEDGER_REQUESTS_PER_SECOND'], { unless: 1_000, from: 1, to: 10_000_000 })
}

/** The worker’s own port for metrics: CASELEDGER_WORKER_METRICS_PORT; undefined, or 0: none. @throws Error */
export function workerMetricsPort(env: NodeJS.ProcessEnv = process.env): number | undefined {
  return (
    wholeNumber('CASELEDGER_WORKER_METRICS_PORT', env['CASELEDGER_WORKER_METRICS_PORT'], { unless: 0, from: 0, to: 65_535 }) || undefined
  )
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
/** What is logged: CASELEDGER_LOG_LEVEL, by default warn. @throws Error */
export function logLevel(env: NodeJS.ProcessEnv = process.env): (typeof logLevels)[number] {
  const level = logLevels.find(one => one === (env['CASELEDGER_LOG_LEVEL'] || 'warn'))
  if (level === undefined) throw new Error(`CASELEDGER_LOG_LEVEL is one of ${logLevels.join(', ')}`)
  return level
}

/**
 * Every setting that only some process would read, and later: what is wrong with one is said before anything is connected. @throws Error
 */
export function assertSettings(env: NodeJS.ProcessEnv = process.env): void {
  for (const read of [
    eventStoreChoice,
    databaseUrl,
    roleUrls,
    checkpointSeconds,
    witnessing,
    rotationDays,
    anchoring,
    listeningPlace,
    requestsPerSecond,
    workerMetricsPort,
    logLevel,
    traceCollector,
  ])
    read(env)
}

/** Where traces go, of OpenTelemetry’s own settings: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT or OTEL_EXPORTER_OTLP_ENDPOINT. @throws Error */
function traceCollector(env: NodeJS.ProcessEnv) {
  const endpoints = {
    OTEL_EXPORTER_OTLP_ENDPOINT: env['OTEL_EXPORTER_OTLP_ENDPOINT'],
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  }
  for (const [name, url] of Object.entries(endpoints))
    if (url && !/^https?:$/.test(protocolOf(url))) throw new Error(`${name} is the http or https address of a collector`)
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol
  } catch {
    return ''
  }
}

function wholeNumber(
  name: string,
  written: string | undefined,
  { unless, of, from, to }: { readonly unless: number; readonly of?: string; readonly from: number; readonly to: number },
): number {
  const number = written ? Number(written) : unless
  if ((written && !/^\d+$/.test(written)) || number < from || number > to)
    throw new Error(`${name} is a whole number${of === undefined ? '' : ` of ${of}`} from ${from} to ${to}`)
  return number
}
