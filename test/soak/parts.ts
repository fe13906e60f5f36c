import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resting } from '#event-store/patience'
import type { Standalone } from '../support/standalone.js'
import type { Can, Part } from './plan.js'

/**
 * Where the event store's server can be met: EVENTSTOREDB_PID_FILE names a file with its pid, EVENTSTOREDB_RESTART a program that kills
 * it and starts it again.
 */
export type Server = { readonly pidFile: string | undefined; readonly restart: string | undefined }
export const serverFrom = (env: NodeJS.ProcessEnv): Server => ({
  pidFile: env['EVENTSTOREDB_PID_FILE'] || undefined,
  restart: env['EVENTSTOREDB_RESTART'] || undefined,
})

/** What can be done here. An EventStoreDB that nobody can start again is not killed, and one whose pid nobody knows is not stalled. */
export const canBeDone = (store: string, { pidFile, restart }: Server): Can => ({
  EventStoreDB:
    store === 'eventstoredb' ? [...(restart ? ['kill' as const] : []), ...(pidFile ? ['stall' as const, 'stall' as const] : [])] : [],
  API: ['kill', 'stall'],
  worker: ['kill', 'stall'],
  signer: ['kill', 'stall'],
  PostgreSQL: ['kill', 'stall'],
})

const children = { API: 'api', worker: 'worker', signer: 'signer' } as const
const never = new AbortController().signal
const look = 20
/** Longer than a server takes to start on a machine that is busy. */
const startsWithin = 60_000

/** The processes of one installation: found, killed, stopped and let go on. */
export class Parts {
  readonly #held = new Set<number>()
  readonly #goOn = () => {
    this.letAllGoOn()
  }

  constructor(
    private readonly s: Pick<Standalone, 'dir' | 'children'>,
    private readonly server: Server,
  ) {
    process.on('exit', this.#goOn)
  }

  /** The first is the one that is asked whether it is still the same. None: it is not running. */
  pidsOf(part: Part): readonly number[] {
    if (part === 'EventStoreDB') return [pidIn(this.server.pidFile)].filter(isAlive)
    if (part !== 'PostgreSQL') return this.s.children(children[part]).slice(0, 1)
    const postmaster = pidIn(join(this.s.dir, 'postgres', 'postmaster.pid'))
    // The file outlives a killed server, and its pid may be another's by now.
    return isAlive(postmaster) && ps('-o', 'args=', '-p', String(postmaster)).includes(this.s.dir) ? [postmaster] : []
  }

  /** Kills it. An EventStoreDB stays away for so long, and is started again; `started` resolves then. */
  kill(part: Part, awayMs: number): { readonly started: Promise<void> } {
    for (const pid of this.pidsOf(part)) send(pid, 'SIGKILL')
    return { started: part === 'EventStoreDB' ? resting(awayMs, never).then(() => this.restartServer()) : Promise.resolve() }
  }

  /** Stops it, with all its processes, until `letGoOn` is called. Answers what was stopped. */
  stop(part: Part): readonly number[] {
    const stopped: number[] = []
    const hold = (pid: number) => {
      if (send(pid, 'SIGSTOP')) {
        stopped.push(pid)
        this.#held.add(pid)
      }
    }
    for (const pid of this.pidsOf(part)) {
      hold(pid)
      // The postmaster first: one that is stopped begins no others.
      if (part === 'PostgreSQL')
        for (const backend of ps('-o', 'pid=', '--ppid', String(pid)).split('\n').map(Number)) if (backend > 0) hold(backend)
    }
    return stopped
  }

  letGoOn(pids: readonly number[]) {
    for (const pid of [...pids].reverse()) {
      send(pid, 'SIGCONT')
      this.#held.delete(pid)
    }
  }

  letAllGoOn() {
    this.letGoOn([...this.#held])
  }

  /** Until it runs, as another process than before. False: it did not in time, or nobody waits any more. */
  async appears(part: Part, before: number | undefined, signal: AbortSignal, withinMs = startsWithin): Promise<boolean> {
    for (const deadline = performance.now() + withinMs; performance.now() < deadline && !signal.aborted;) {
      const [pid] = this.pidsOf(part)
      if (pid !== undefined && pid !== before) return true
      await resting(look, signal)
    }
    return false
  }

  restartServer(): Promise<void> {
    const { restart } = this.server
    if (restart === undefined) return Promise.resolve()
    return new Promise(resolve => {
      const program = spawn(restart, { stdio: 'ignore' })
      program.once('exit', () => {
        resolve()
      })
      program.once('error', () => {
        resolve()
      })
    })
  }

  /** An EventStoreDB that was killed while it was starting is started again. */
  async bringBackServer(): Promise<void> {
    if (this.server.pidFile !== undefined && this.server.restart !== undefined && this.pidsOf('EventStoreDB').length === 0)
      await this.restartServer()
  }

  end() {
    this.letAllGoOn()
    process.off('exit', this.#goOn)
  }
}

function pidIn(file: string | undefined): number {
  if (file === undefined || !existsSync(file)) return 0
  try {
    return Number(readFileSync(file, 'utf8').split('\n')[0]) || 0
  } catch {
    return 0
  }
}
const isAlive = (pid: number) => pid > 0 && send(pid, 0)
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
const ps = (...args: readonly string[]) => spawnSync('ps', args, { encoding: 'utf8' }).stdout
