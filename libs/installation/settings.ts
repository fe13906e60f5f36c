/** Where the log is kept: CASELEDGER_EVENT_STORE, by default `postgres`; for `eventstoredb` also EVENTSTOREDB_URL and, on a shared server, CASELEDGER_EVENT_STORE_NAMESPACE. */
export type EventStoreChoice = { readonly kind: 'postgres' } | { readonly kind: 'eventstoredb'; readonly url: string; readonly namespace: string | undefined }

/** @throws Error that names the variable and what would be right. */
export function eventStoreChoice(env: NodeJS.ProcessEnv = process.env): EventStoreChoice {
  const kind = env['CASELEDGER_EVENT_STORE'] || 'postgres'
  switch (kind) {
    case 'postgres': return { kind }
    case 'eventstoredb': {
      const url = env['EVENTSTOREDB_URL']
      if (!url) throw new Error('CASELEDGER_EVENT_STORE=eventstoredb needs EVENTSTOREDB_URL, such as esdb://127.0.0.1:2113?tls=false')
      return { kind, url, namespace: env['CASELEDGER_EVENT_STORE_NAMESPACE'] || undefined }
    }
    default: throw new Error('CASELEDGER_EVENT_STORE is postgres or eventstoredb')
  }
}

/** A PostgreSQL of the operator's own: DATABASE_URL, with a role that may make roles and schemas. Undefined: the embedded one serves. */
export function databaseUrl(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = env['DATABASE_URL']
  if (!url) return undefined
  if (!/^postgres(ql)?:\/\/[^/]+\/[a-z][a-z0-9_]{0,60}(\?|$)/.test(url)) throw new Error('DATABASE_URL is postgres://user:password@host:port/database, the database’s name in lower case')
  return url
}

/** The environment for a program that brings a database and a vault of its own, as the demo and the tests do: without whatever says where an operator's are. */
export const withoutInstallation = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(env).filter(([name]) => !/^(CASELEDGER_|DATABASE_URL$|OTEL_)/.test(name)))

export const isProduction = (env: NodeJS.ProcessEnv = process.env) => env['NODE_ENV'] === 'production'

/** How often what is new in the audit ledger is signed: CASELEDGER_CHECKPOINT_SECONDS, by default 10. @throws Error */
export function checkpointSeconds(env: NodeJS.ProcessEnv = process.env): number {
  const seconds = Number(env['CASELEDGER_CHECKPOINT_SECONDS'] || 10)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600) throw new Error('CASELEDGER_CHECKPOINT_SECONDS is a number of seconds from 1 to 600')
  return seconds
}

/** Whom the ledger shows its checkpoints to, and whether it publishes one that not enough of them saw: CASELEDGER_LEDGER_POLICY, a trust policy with the witnesses' addresses, and CASELEDGER_WITNESS_MODE. @throws Error */
export function witnessing(env: NodeJS.ProcessEnv = process.env): { readonly policyFile: string | undefined; readonly mode: 'open' | 'closed' } {
  const mode = env['CASELEDGER_WITNESS_MODE'] || 'open'
  if (mode !== 'open' && mode !== 'closed') throw new Error('CASELEDGER_WITNESS_MODE is open or closed')
  const policyFile = env['CASELEDGER_LEDGER_POLICY'] || undefined
  if (mode === 'closed' && policyFile === undefined) throw new Error('CASELEDGER_WITNESS_MODE=closed needs CASELEDGER_LEDGER_POLICY: which witnesses have to see a checkpoint')
  return { policyFile, mode }
}

/** How long an epoch lasts: CASELEDGER_ROTATION_DAYS, by default 30. Certificates state it. @throws Error */
export function rotationDays(env: NodeJS.ProcessEnv = process.env): number {
  const days = Number(env['CASELEDGER_ROTATION_DAYS'] || 30)
  if (!Number.isInteger(days) || days < 1 || days > 3_650) throw new Error('CASELEDGER_ROTATION_DAYS is a number of days from 1 to 3650')
  return days
}

/** What else is done with checkpoints: CASELEDGER_CHECKPOINT_SINK, a folder that keeps each; CASELEDGER_TIMESTAMP_URL, a time-stamping authority (RFC 3161) that is asked once an hour. @throws Error */
export function anchoring(env: NodeJS.ProcessEnv = process.env): { readonly sink: string | undefined; readonly timestampUrl: string | undefined } {
  const timestampUrl = env['CASELEDGER_TIMESTAMP_URL'] || undefined
  if (timestampUrl !== undefined && !/^https?:\/\/[^\s]+$/.test(timestampUrl)) throw new Error('CASELEDGER_TIMESTAMP_URL is the http or https address of a time-stamping authority')
  return { sink: env['CASELEDGER_CHECKPOINT_SINK'] || undefined, timestampUrl }
}
