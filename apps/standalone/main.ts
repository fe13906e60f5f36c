import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres, { type Sql } from 'postgres'
import { type DatabaseUrls, openBackend } from '#installation/backend'
import { resting } from '#event-store/patience'
import { kindOf } from '#kernel/error-kind'
import { dataDir } from '#installation/data-dir'
import { publishFirstPolicyPack } from '#installation/first-policy-pack'
import { type LocalDatabase, localDatabase } from '#installation/local-database'
import { trustLocalIssuer } from '#installation/local-issuer'
import { databaseUrl, isProduction } from '#installation/settings'
import { keepRunning } from './keep-running.js'

const apps = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (text: string) => process.stdout.write(`${text}\n`)
/** Held as long as this process lives: two of them on one data folder would fight. */
const oneStandalone = 7302
const lookEvery = 1_000
/** Killed, it leaves processes behind that hold its files for a moment. */
const mostFailures = 30

/** One process group for a laptop: embedded PostgreSQL, API, worker and signer. Ends when it is asked to, and leaves nothing running. */
export async function start(): Promise<void> {
  if (isProduction()) throw new Error('npm start is for a laptop: its token issuer and its policy pack are not for production.')
  surviveLostConnections()
  const asked = new Promise<void>(resolve => { for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { resolve() }) })
  const dir = dataDir()
  const server = await localDatabase(dir)
  const { urls } = server
  const lock = await onlyOne(urls)
  if (!lock) {
    await server.release()
    process.stderr.write(`Caseledger is already running on ${databaseUrl() ? 'this database' : dir.root}. Stop it first, or set CASELEDGER_DATA_DIR to another folder.\n`)
    process.exit(1)
  }
  trustLocalIssuer(dir.issuer)
  const backend = await openBackend(urls, dir)
  await publishFirstPolicyPack(backend)
  await backend.close()

  const env = { ...process.env, CASELEDGER_APP_DATABASE_URL: urls.app, CASELEDGER_VAULT_DATABASE_URL: urls.vault }
  const parts = [keepRunning('signer', join(apps, 'signer/main.js'), env, ['--if-new']), keepRunning('worker', join(apps, 'worker/main.js'), env), keepRunning('API', join(apps, 'api/main.js'), env)]
  const database = keepDatabase(server, lock)
  const gaveUp = Promise.race([...parts.map(part => part.gaveUp), database.gaveUp])
  const ready = await Promise.race([Promise.all(parts.map(part => part.ready)).then(() => true), gaveUp.then(() => false), asked.then(() => false)])
  if (ready) announce()
  const why = await Promise.race([asked.then(() => undefined), gaveUp])
  if (why !== undefined) { process.stderr.write(`${why}\n`); process.exitCode = 1 }
  say('Stopping …')
  database.stop()
  await Promise.all([...parts].reverse().map(part => part.stop()))
  await lock.end({ timeout: 5 })
  await server.stop()
  process.exit()
}

/** The database client, when its server is killed, throws and rejects where nobody can catch it. Who looks after the others does not die of that. */
function surviveLostConnections() {
  const note = (error: unknown) => {
    const { code } = (error ?? {}) as { code?: unknown }
    process.stderr.write(`A connection to PostgreSQL was lost (${typeof code === 'string' ? code : kindOf(error)}).\n`)
  }
  // With the terminal gone, what is said fails; noted as an error, it would be said again.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
}

async function onlyOne(urls: DatabaseUrls): Promise<Sql | undefined> {
  const lock = postgres(urls.app, { max: 1, onnotice: () => undefined, max_lifetime: null })
  const [held] = await lock<{ got: boolean }[]>`select pg_try_advisory_lock(${oneStandalone}) as got`
  if (held?.got) return lock
  await lock.end()
  return undefined
}

/** Looks after the embedded PostgreSQL: one that died is started again on its port, and recovers what it had acknowledged. */
function keepDatabase(server: LocalDatabase, lock: Sql): { readonly gaveUp: Promise<string>; stop(): void } {
  const stopped = new AbortController()
  const look = async () => {
    for (let failures = 0; !stopped.signal.aborted;) {
      await resting(lookEvery, stopped.signal)
      if (isStopped(stopped.signal)) return
      try {
        if (await server.revive()) {
          process.stderr.write('PostgreSQL had stopped; it was started again.\n')
          await lock`select pg_try_advisory_lock(${oneStandalone})`
        }
        failures = 0
      } catch (error) { if (++failures > mostFailures) throw error }
    }
  }
  const gaveUp = new Promise<string>(resolve => { look().catch((error: unknown) => { resolve(error instanceof Error ? error.message : 'The database could not be started again.') }) })
  return { gaveUp, stop: () => { stopped.abort() } }
}
const isStopped = (signal: AbortSignal) => signal.aborted

function announce() {
  const url = `http://${process.env['HOST'] ?? '127.0.0.1'}:${process.env['PORT'] ?? '3000'}`
  say([
    '', 'Caseledger is ready.', `  API       ${url}/v1`, `  API docs  ${url}/docs`, '  A token   npm run token -- --role dpo --sub dpo-1', '  Ctrl-C stops all of it.', '',
  ].join('\n'))
}
