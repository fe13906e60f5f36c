import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sql } from 'postgres'
import { NoAnswer, resting, withPatience } from '#event-store/patience'
import { isConnectionError, kindOf } from '#kernel/error-kind'
import { hindranceIn } from '#kernel/outage'
import { type DataDir, dataDir } from '#hosting/data-dir'
import { publishFirstPolicyPack } from '#backend/first-policy-pack'
import { type LocalDatabase, localDatabase } from '#hosting/local-database'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { freePort } from '#hosting/free-port'
import { assertFree } from '#hosting/listening'
import { lastingConnection } from '#hosting/one-connection'
import { endsWithAReason } from '#hosting/own-process'
import { reachedBackend } from '#backend/reached-backend'
import { reaching } from '#hosting/reached'
import { assertSettings, databaseUrl, eventStoreChoice, isProduction, listeningPlace } from '#hosting/settings'
import { issuerNamed } from '#hosting/token-issuer'
import { AskedToStop, patiently } from '#hosting/waiting'
import { type KeptRunning, keepRunning } from './keep-running.js'

const apps = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (text: string) => process.stdout.write(`${text}\n`)
/** Held as long as this process lives: two of them on one data folder would fight. */
const oneStandalone = 7302
const lookEvery = 1_000

/** One process group for a laptop: embedded PostgreSQL, API, worker and signer. Ends when it is asked to, and leaves nothing running. */
export async function start(): Promise<void> {
  if (isProduction()) throw new Error('npm start is for a laptop: its token issuer and its policy pack are not for production.')
  assertSettings()
  await assertFree(listeningPlace())
  // One that it chooses stays the same when the API is started again.
  process.env['PORT'] = String(listeningPlace().port || (await freePort()))
  endsWithAReason('Caseledger')
  surviveLostConnections()
  const stop = new AbortController()
  const asked = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        stop.abort()
        resolve()
      })
  })
  const dir = dataDir()
  let send: (settings: Settings) => void = () => undefined
  const settings = new Promise<Settings>(resolve => {
    send = resolve
  })
  // They load while the database starts; the API takes longest. The signer waits for the lock: two of them would fight for their socket.
  const loading = [
    keepRunning('API', join(apps, 'api/main.js'), [], settings),
    keepRunning('worker', join(apps, 'worker/main.js'), [], settings),
  ]
  const opening = patiently(() => localDatabase(dir, undefined, stop.signal), { signal: stop.signal })
  const server = await Promise.race([opening, asked])
  if (!server) return endEarly(opening, loading)
  const lost = { look: () => {} }
  const prepared = prepare(server, dir, stop.signal, () => {
    lost.look()
  })
  const lock = await Promise.race([prepared, asked.then(() => undefined)])
  if (!lock) return endEarly(opening, loading)
  send({ CASELEDGER_APP_DATABASE_URL: server.urls.app, CASELEDGER_VAULT_DATABASE_URL: server.urls.vault })
  await run(server, lock, lost, asked, [...loading, keepRunning('signer', join(apps, 'signer/main.js'), ['--if-new'])])
}
type Settings = Readonly<Record<string, string>>

/** Asked to stop before there was anything to stop but the database, which may still be starting. */
async function endEarly(opening: Promise<LocalDatabase>, loading: readonly KeptRunning[]): Promise<never> {
  say('Stopping …')
  await Promise.all(loading.map(part => part.stop()))
  // A server of the operator's own needs nobody to stop it.
  if (!databaseUrl())
    await opening.then(
      server => server.stop(),
      () => undefined,
    )
  return process.exit(0)
}

/** Everything that the processes need before they start. Answers the lock that says that this one runs. */
async function prepare(server: LocalDatabase, dir: DataDir, signal: AbortSignal, lost: () => void): Promise<Sql> {
  const { urls } = server
  const choice = eventStoreChoice()
  const setting = databaseUrl() ? 'DATABASE_URL' : join(dir.postgres, 'postgres.log')
  const lock = lastingConnection(urls.app, lost)
  await patiently(
    () =>
      reaching(urls.app, setting, choice, async () => {
        await server.revive()
        // Asked in each round: a session that died took its lock along.
        await onlyOne(lock)
        const backend = await reachedBackend(urls, dir, choice, setting)
        try {
          await publishFirstPolicyPack(backend)
        } finally {
          await withPatience(closeWithin, backend.close()).catch(() => undefined)
        }
      }),
    { signal },
  ).catch(async (error: unknown) => {
    if (!(error instanceof AskedToStop)) await server.release().catch(() => undefined)
    throw error
  })
  if (!issuerNamed()) trustLocalIssuer(dir.issuer)
  return lock
}

/** The processes, and the database under them, until it is asked to stop or one of them cannot go on. */
async function run(server: LocalDatabase, lock: Sql, lost: Lost, asked: Promise<void>, parts: readonly KeptRunning[]): Promise<never> {
  const database = keepDatabase(server, lock, lost)
  const gaveUp = Promise.race([...parts.map(part => part.gaveUp), database.gaveUp])
  const ready = await Promise.race([
    Promise.all(parts.map(part => part.ready)).then(() => true),
    gaveUp.then(() => false),
    asked.then(() => false),
  ])
  if (ready) announce()
  const why = await Promise.race([asked.then(() => undefined), gaveUp])
  if (why !== undefined) {
    process.stderr.write(`${why}\n`)
    process.exitCode = 1
  }
  say('Stopping …')
  database.stop()
  await Promise.all(parts.map(part => part.stop()))
  await lock.end({ timeout: 1 })
  await server.stop()
  return process.exit()
}

/**
 * The database client, when its server is killed, throws and rejects where nobody can catch it. Who looks after the others does not die
 * of that.
 */
function surviveLostConnections() {
  const note = (error: unknown) => {
    const { code, words } = hindranceIn(error)
    process.stderr.write(
      isConnectionError(error)
        ? `A connection to PostgreSQL was lost: ${words} (${code}).\n`
        : `Something failed where nobody waited for it (${kindOf(error)}).\n`,
    )
  }
  // With the terminal gone, what is said fails; noted as an error, it would be said again.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
}

/** Takes the lock, or has it already. @throws AlreadyRunning; NoAnswer, and what the database throws */
async function onlyOne(lock: Sql): Promise<void> {
  const [held] = await withPatience(answerWithin, lock<{ got: boolean }[]>`select pg_try_advisory_lock(${oneStandalone}) as got`)
  if (!held?.got) throw new AlreadyRunning()
}
const answerWithin = 15_000
/** The client of a database that died may take longer. */
const closeWithin = 1_000

class AlreadyRunning extends Error {
  constructor() {
    super(
      `Caseledger is already running on ${databaseUrl() ? 'this database' : dataDir().root}. `
        + 'Stop it first, or set CASELEDGER_DATA_DIR to another folder.',
    )
  }
}

/** A connection that broke: it is looked at once what is behind it. */
type Lost = { look: () => void }

/** Looks after the embedded PostgreSQL: one that died is started again on its port, and recovers what it had acknowledged. */
function keepDatabase(server: LocalDatabase, lock: Sql, lost: Lost): { readonly gaveUp: Promise<string>; stop(): void } {
  const stopped = new AbortController()
  const look = async () => {
    while (!stopped.signal.aborted) {
      const broke = new AbortController()
      lost.look = () => {
        broke.abort()
      }
      await resting(lookEvery, AbortSignal.any([stopped.signal, broke.signal]))
      if (isStopped(stopped.signal)) return
      try {
        if (!(await server.revive())) continue
        process.stderr.write('PostgreSQL had stopped; it was started again.\n')
        await onlyOne(lock)
      } catch (error) {
        // It went again before it was asked: the next look sees that.
        if (!isConnectionError(error) && !(error instanceof NoAnswer)) throw error
      }
    }
  }
  const gaveUp = new Promise<string>(resolve => {
    look().catch((error: unknown) => {
      if (!(error instanceof AskedToStop)) resolve(error instanceof Error ? error.message : 'The database could not be started again.')
    })
  })
  return {
    gaveUp,
    stop: () => {
      stopped.abort()
    },
  }
}
const isStopped = (signal: AbortSignal) => signal.aborted

function announce() {
  const { port, host } = listeningPlace()
  const url = `http://${host}:${port}`
  say(
    [
      '',
      'Caseledger is ready.',
      `  API       ${url}/v1`,
      `  API docs  ${url}/docs`,
      '  A token   npm run token -- --role dpo --sub dpo-1',
      '  Ctrl-C stops all of it.',
      '',
    ].join('\n'),
  )
}
