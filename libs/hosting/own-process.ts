import { once } from 'node:events'
import { pino, type Logger } from 'pino'
import { EventStoreRewound } from '#event-store/event-store'
import { EventsOutOfPlace } from '#event-store/out-of-place'
import { resting } from '#event-store/patience'
import { NewerEvent } from '#kernel/newer-event'
import { CannotListen } from './listening.js'
import { logLevel } from './settings.js'
import { TransactionPooler } from './pooler.js'
import { NewerDatabase } from './schema-steps.js'
import { AskedToStop } from './waiting.js'
import { WrongLog } from './wrong-log.js'

/** Logs as JSON lines on stderr: codes, ids and times only. @throws Error for a level that is none. */
export const logOf = (name: string): Logger => pino({ name, base: { name }, level: logLevel() }, pino.destination(2))

/** The exit code of a process that would only fail again: somebody has to look first. */
export const stopsForGood = 3

const neverMends = [EventStoreRewound, EventsOutOfPlace, WrongLog, NewerDatabase, NewerEvent, TransactionPooler, CannotListen]
const sayWithin = 500
/** Why a process says that it ends, where a message of it says so. */
export const whyIn = (message: unknown): string | undefined => (message as { readonly why?: string } | null)?.why

/** Runs a process of ours to its end. What nobody caught ends it with its kind and place only: a message may hold what a log must not. */
export function runProcess(name: string, main: () => Promise<void>): void {
  endsWithAReason(`The ${name}`)
  process.on('uncaughtException', error => {
    process.stderr.write(
      `The ${name} failed: ${error.constructor.name} ${
        error.stack
          ?.split('\n')
          .find(line => line.trim().startsWith('at '))
          ?.trim() ?? ''
      }\n`,
    )
    process.exit(1)
  })
  main().then(
    () => {
      process.exit(0)
    },
    (error: unknown) => {
      if (error instanceof AskedToStop) process.exit(0)
      const why = error instanceof Error ? error.message : 'unknown error'
      process.stderr.write(`The ${name} stopped: ${why}\n`)
      const end = () => process.exit(neverMends.some(kind => error instanceof kind) ? stopsForGood : 1)
      // The parent says it again where it gives up, after the lines of the other processes.
      if (!process.send) return end()
      setTimeout(end, sayWithin)
      process.send({ why }, end)
    },
  )
}

/**
 * A process that still waits when nothing is left that could wake it, as when a connection died and its client never says so, would end
 * without a word. Answers how to say that it is done, and may end like that.
 */
export function endsWithAReason(who: string, code = 1): () => void {
  const say = () => {
    process.stderr.write(
      `${who} stopped: it waited for an answer that nothing can bring any more, as when a connection is lost that nobody noticed. `
        + 'Start it again; if it happens again, it is a defect.\n',
    )
    process.exit(code)
  }
  process.once('beforeExit', say)
  return () => {
    process.off('beforeExit', say)
  }
}

/** The argument that tells a process to wait for settings that its parent sends: it loads meanwhile. */
export const settingsFollow = '--settings-follow'

/** What the parent knows only once its database runs. @throws AskedToStop */
export async function settingsOfParent(signal: AbortSignal): Promise<void> {
  if (!process.argv.includes(settingsFollow)) return
  if (!process.connected) throw new AskedToStop()
  const [settings] = await once(process, 'message', { signal }).catch((): [undefined] => [undefined])
  if (typeof settings !== 'object') throw new AskedToStop()
  Object.assign(process.env, settings)
}

/** Runs until asked to stop, by signal or because the parent is gone: an orphan would hold the port. */
export function stopping(): { readonly signal: AbortSignal; readonly asked: Promise<void> } {
  const controller = new AbortController()
  const asked = new Promise<void>(resolve => {
    const stop = () => {
      controller.abort()
      resolve()
    }
    process.once('SIGTERM', stop)
    process.once('disconnect', stop)
    // Ctrl-C reaches the whole process group; the parent says when it is time to stop.
    process.on('SIGINT', () => {
      if (!process.connected) stop()
    })
  })
  return { signal: controller.signal, asked }
}

const leaveWithin = 1_000
/**
 * Work that ends when the process is asked to stop, and may be cut off at any time: then it is given a moment, and the process ends
 * without it.
 */
export async function orLeft(signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  const asked = new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else
      signal.addEventListener('abort', () => {
        resolve()
      })
  })
  try {
    await Promise.race([work, asked.then(() => resting(leaveWithin, over.signal))])
  } finally {
    over.abort()
  }
}
