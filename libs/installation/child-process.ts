import { pino, type Logger } from 'pino'
import { EventStoreRewound } from '#event-store/event-store'
import { resting } from '#event-store/patience'
import { KeyStoreUnavailable } from '#subject-keys/subject-keys'
import { type Backend, openBackend } from './backend.js'
import { dataDir } from './data-dir.js'
import { localDatabase } from './local-database.js'
import { WrongLog } from './log-and-vault.js'
import { databaseUrl } from './settings.js'

/** Logs as JSON lines on stderr: codes, ids and times only. */
export const logOf = (name: string): Logger => pino({ name, base: { name }, level: process.env['CASELEDGER_LOG_LEVEL'] ?? 'warn' }, pino.destination(2))

/** A database that is away when a process starts is waited for: it may be starting too. */
const waitForDatabase = { ms: 120_000, pause: 500 }

/**
 * The environment in which `standalone`, or an operator, starts the API and the worker. Waits for a database that does not answer.
 * @throws Error that says which variable is missing; WrongKeyProvider; KeyStoreUnavailable after two minutes, or when it is asked to stop.
 */
export async function backendFromEnvironment(signal: AbortSignal): Promise<Backend> {
  for (let waited = 0; ; waited += waitForDatabase.pause) {
    try { return await openFromEnvironment() } catch (error) {
      if (!(error instanceof KeyStoreUnavailable) || waited >= waitForDatabase.ms || signal.aborted) throw error
      await resting(waitForDatabase.pause, signal)
    }
  }
}

async function openFromEnvironment(): Promise<Backend> {
  const [app, vault] = [process.env['CASELEDGER_APP_DATABASE_URL'], process.env['CASELEDGER_VAULT_DATABASE_URL']]
  if (app && vault) return openBackend({ app, vault }, dataDir())
  if (!databaseUrl()) throw new Error('Set DATABASE_URL, or CASELEDGER_APP_DATABASE_URL and CASELEDGER_VAULT_DATABASE_URL, to the database’s URL')
  return openBackend((await localDatabase(dataDir())).urls, dataDir())
}

/** The exit code of a process that would only fail again: somebody has to look first. */
export const stopsForGood = 3

/** Runs a process of ours to its end. What nobody caught ends it with its kind and place only: a message may hold what a log must not. */
export function runProcess(name: string, main: () => Promise<void>): void {
  process.on('uncaughtException', error => {
    process.stderr.write(`The ${name} failed: ${error.constructor.name} ${error.stack?.split('\n').find(line => line.trim().startsWith('at '))?.trim() ?? ''}\n`)
    process.exit(1)
  })
  main().then(() => { process.exit(0) }, (error: unknown) => {
    process.stderr.write(`The ${name} stopped: ${error instanceof Error ? error.message : 'unknown error'}\n`)
    process.exit(error instanceof EventStoreRewound || error instanceof WrongLog ? stopsForGood : 1)
  })
}

/** Runs until asked to stop, by signal or because the parent is gone: an orphan would hold the port. */
export function stopping(): { readonly signal: AbortSignal; readonly asked: Promise<void> } {
  const controller = new AbortController()
  const asked = new Promise<void>(resolve => {
    const stop = () => { controller.abort(); resolve() }
    process.once('SIGTERM', stop)
    process.once('disconnect', stop)
    // Ctrl-C reaches the whole process group; the parent says when it is time to stop.
    process.on('SIGINT', () => { if (!process.connected) stop() })
  })
  return { signal: controller.signal, asked }
}
