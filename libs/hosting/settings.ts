import type { z } from 'zod'
import { nearest } from '#kernel/nearest'
import { type SettingName, type SettingValue, settingNames, settingsSchema } from './settings-schema.js'

type Env = NodeJS.ProcessEnv

/** What is left empty is not set. @throws Error that names the setting and what would be right, and never the value */
export function settingOf<N extends SettingName>(name: N, env: Env = process.env): SettingValue<N> {
  const rule: z.ZodType = settingsSchema.shape[name]
  const { success, data, error } = rule.safeParse(env[name] || undefined)
  if (!success) throw new Error(inWords(name, error))
  return data as SettingValue<N>
}
const inWords = (name: SettingName, { issues: [issue] }: z.ZodError) => {
  const words = issue?.message ?? 'is not as it has to be'
  return words.includes(name) ? words : `${name} ${words}`
}

/**
 * Where the log is kept: CASELEDGER_EVENT_STORE, by default `postgres`; for `eventstoredb` also EVENTSTOREDB_URL and, on a shared server,
 * CASELEDGER_EVENT_STORE_NAMESPACE.
 */
export type EventStoreChoice =
  { readonly kind: 'postgres' } | { readonly kind: 'eventstoredb'; readonly url: string; readonly namespace: string | undefined }

/** @throws Error which names the variable and what would be right. */
export function eventStoreChoice(env: Env = process.env): EventStoreChoice {
  const kind = settingOf('CASELEDGER_EVENT_STORE', env) ?? 'postgres'
  if (kind === 'postgres') return { kind }
  const url = settingOf('EVENTSTOREDB_URL', env)
  if (url === undefined)
    throw new Error('CASELEDGER_EVENT_STORE=eventstoredb needs EVENTSTOREDB_URL, such as esdb://127.0.0.1:2113?tls=false')
  return { kind, url, namespace: settingOf('CASELEDGER_EVENT_STORE_NAMESPACE', env) }
}

/** A PostgreSQL of the operator's own: DATABASE_URL, with a role that may make roles and schemas. Undefined: the embedded one serves. */
export const databaseUrl = (env: Env = process.env) => settingOf('DATABASE_URL', env)

/**
 * The URLs of the two database roles, where a process is given them instead: CASELEDGER_APP_DATABASE_URL and
 * CASELEDGER_VAULT_DATABASE_URL. @throws Error
 */
export function roleUrls(env: Env = process.env): { readonly app: string; readonly vault: string } | undefined {
  const [app, vault] = [settingOf('CASELEDGER_APP_DATABASE_URL', env), settingOf('CASELEDGER_VAULT_DATABASE_URL', env)]
  if ((app === undefined) !== (vault === undefined))
    throw new Error('CASELEDGER_APP_DATABASE_URL and CASELEDGER_VAULT_DATABASE_URL are set together, or DATABASE_URL alone')
  return app !== undefined && vault !== undefined ? { app, vault } : undefined
}

/** Whose tokens are believed: CASELEDGER_ISSUER, CASELEDGER_AUDIENCE and CASELEDGER_JWKS_URL; undefined where none is set. @throws Error */
export function ownIssuer(env: Env = process.env): { readonly issuer: string; readonly audience: string; readonly jwks: URL } | undefined {
  const [issuer, audience, jwks] = [
    settingOf('CASELEDGER_ISSUER', env),
    settingOf('CASELEDGER_AUDIENCE', env),
    settingOf('CASELEDGER_JWKS_URL', env),
  ]
  if (issuer === undefined && audience === undefined && jwks === undefined) return undefined
  if (issuer === undefined || audience === undefined || jwks === undefined)
    throw new Error('CASELEDGER_ISSUER, CASELEDGER_AUDIENCE and CASELEDGER_JWKS_URL are set together: one of them is missing')
  return { issuer, audience, jwks: new URL(jwks) }
}

/** What is for tests, and says nothing of an installation. */
const forTests = [
  'CASELEDGER_SEEDS',
  'CASELEDGER_EVERY_STEP',
  'CASELEDGER_TEST_POSTGRES',
  'CASELEDGER_LOG_LEVEL',
  'CASELEDGER_TEST_PATIENCE',
]
/**
 * The environment for a program that brings a database and a vault of its own, as the demo and the tests do: without whatever says where
 * an operator's are.
 */
export const withoutInstallation = (env: Env): Env =>
  Object.fromEntries(Object.entries(env).filter(([name]) => forTests.includes(name) || !/^(CASELEDGER_|DATABASE_URL$|OTEL_)/.test(name)))

/** @throws Error for a word that may be meant to say production, and does not. */
export const isProduction = (env: Env = process.env) => settingOf('NODE_ENV', env) === 'production'

/** How often what is new in the audit ledger is signed: CASELEDGER_CHECKPOINT_SECONDS, by default 10. @throws Error */
export const checkpointSeconds = (env: Env = process.env) => settingOf('CASELEDGER_CHECKPOINT_SECONDS', env) ?? 10

/**
 * Whom the ledger shows its checkpoints to, and whether it publishes one that not enough of them saw: CASELEDGER_LEDGER_POLICY, a trust
 * policy with the witnesses' addresses, and CASELEDGER_WITNESS_MODE. @throws Error
 */
export function witnessing(env: Env = process.env): { readonly policyFile: string | undefined; readonly mode: 'open' | 'closed' } {
  const [mode, policyFile] = [settingOf('CASELEDGER_WITNESS_MODE', env) ?? 'open', settingOf('CASELEDGER_LEDGER_POLICY', env)]
  if (mode === 'closed' && policyFile === undefined)
    throw new Error('CASELEDGER_WITNESS_MODE=closed needs CASELEDGER_LEDGER_POLICY: which witnesses have to see a checkpoint')
  return { policyFile, mode }
}

/**
 * The event over which the audit ledger goes on although its time went back, or its id stands twice: CASELEDGER_ACCEPTED_STEP_BACK.
 * @throws Error
 */
export const acceptedStepBack = (env: Env = process.env) => settingOf('CASELEDGER_ACCEPTED_STEP_BACK', env)

/** How long an epoch lasts: CASELEDGER_ROTATION_DAYS, by default 30. Certificates state it. @throws Error */
export const rotationDays = (env: Env = process.env) => settingOf('CASELEDGER_ROTATION_DAYS', env) ?? 30

/**
 * What else is done with checkpoints: CASELEDGER_CHECKPOINT_SINK, a folder that keeps each; CASELEDGER_TIMESTAMP_URL, a time-stamping
 * authority (RFC 3161) that is asked once an hour. @throws Error
 */
export const anchoring = (env: Env = process.env) => ({
  sink: settingOf('CASELEDGER_CHECKPOINT_SINK', env),
  timestampUrl: settingOf('CASELEDGER_TIMESTAMP_URL', env),
})

/**
 * Where a process listens: PORT, by default 3000 and a witness’s 3100, 0 for any that is free; and HOST, by default 127.0.0.1. @throws
 * Error
 */
export const listeningPlace = (env: Env = process.env, unless = 3_000): { readonly port: number; readonly host: string } => ({
  port: settingOf('PORT', env) ?? unless,
  host: settingOf('HOST', env) ?? '127.0.0.1',
})

/**
 * How far clocks may differ, CASELEDGER_CLOCK_LIMIT_SECONDS, by default 60; and for how long nothing may have been recorded before the
 * clock is doubted, CASELEDGER_STANDSTILL_DAYS, by default 90. @throws Error
 */
export const clockLimits = (env: Env = process.env) => ({
  differenceMs: (settingOf('CASELEDGER_CLOCK_LIMIT_SECONDS', env) ?? 60) * 1_000,
  standstillMs: (settingOf('CASELEDGER_STANDSTILL_DAYS', env) ?? 90) * 86_400_000,
})

/** How often one caller may ask: CASELEDGER_REQUESTS_PER_SECOND, by default 1000. @throws Error */
export const requestsPerSecond = (env: Env = process.env) => settingOf('CASELEDGER_REQUESTS_PER_SECOND', env) ?? 1_000

/** Whose word counts on where a request came from: CASELEDGER_TRUSTED_PROXIES; by default nobody’s. @throws Error */
export const trustedProxies = (env: Env = process.env): readonly string[] =>
  settingOf('CASELEDGER_TRUSTED_PROXIES', env)
    ?.split(',')
    .map(one => one.trim()) ?? []

/** The worker’s own port for metrics: CASELEDGER_WORKER_METRICS_PORT; undefined, or 0: none. @throws Error */
export const workerMetricsPort = (env: Env = process.env) => settingOf('CASELEDGER_WORKER_METRICS_PORT', env) || undefined

/** What is logged: CASELEDGER_LOG_LEVEL, by default warn. @throws Error */
export const logLevel = (env: Env = process.env) => settingOf('CASELEDGER_LOG_LEVEL', env) ?? 'warn'

/**
 * Every setting, whichever process reads it, and those that only fit together: what is wrong is said before anything is connected, all of
 * it at once. @throws Error
 */
export function assertSettings(env: Env = process.env): void {
  const wrong = new Set<string>()
  const look = (read: () => unknown) => {
    try {
      read()
    } catch (error) {
      wrong.add((error as Error).message)
    }
  }
  for (const name of settingNames) look(() => settingOf(name, env))
  for (const read of [eventStoreChoice, roleUrls, ownIssuer, witnessing]) look(() => read(env))
  for (const name of Object.keys(env)) {
    const meant = misspelled(name)
    if (meant !== undefined) wrong.add(`${name} is no setting; did you mean ${meant}?`)
  }
  if (wrong.size === 0) return
  const [first = ''] = wrong
  throw new Error(wrong.size === 1 ? first : [`${wrong.size} settings are wrong:`, ...wrong].join('\n  '))
}

/** What a container platform sets by itself may begin like ours, too: only what is nearly a setting is taken for one. */
function misspelled(name: string): SettingName | undefined {
  if (!name.startsWith('CASELEDGER_') || forTests.includes(name) || settingNames.includes(name as SettingName)) return undefined
  return nearest(name, settingNames) as SettingName | undefined
}
