import { pino, type Logger } from 'pino'
import { type Backend, openBackend } from './backend.js'
import { dataDir } from './data-dir.js'

/** Logs as JSON lines on stderr: codes, ids and times only. */
export const logOf = (name: string): Logger => pino({ name, base: { name }, level: process.env['CASELEDGER_LOG_LEVEL'] ?? 'warn' }, pino.destination(2))

/** The environment in which `standalone`, or an operator, starts the API and the worker. @throws Error that says which variable is missing. */
export async function backendFromEnvironment(): Promise<Backend> {
  const url = (name: string) => {
    const value = process.env[name]
    if (!value) throw new Error(`Set ${name} to the database's URL for that role`)
    return value
  }
  return openBackend({ app: url('CASELEDGER_APP_DATABASE_URL'), vault: url('CASELEDGER_VAULT_DATABASE_URL') }, dataDir())
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
