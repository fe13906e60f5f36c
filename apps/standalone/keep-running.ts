import { type ChildProcess, fork } from 'node:child_process'
import { settingsFollow, stopsForGood } from '#hosting/own-process'

export type KeptRunning = {
  /** It said that it is ready, for the first time. */
  readonly ready: Promise<void>
  /** It cannot be kept running; why. */
  readonly gaveUp: Promise<string>
  stop(): Promise<void>
}

/**
 * A process that ends by itself more often than this within a minute has a reason that starting it again does not mend. Being killed is
 * none.
 */
const mostFailures = 20
const longestPause = 3_000
const minute = 60_000
const graceMs = 15_000

/** How often a process ended by itself within the last minute. */
class Failures {
  readonly #at: number[] = []

  another(): number {
    this.#at.push(performance.now())
    return this.lately()
  }
  lately(): number {
    const since = performance.now() - minute
    while ((this.#at[0] ?? since) < since) this.#at.shift()
    return this.#at.length
  }
}

/**
 * Starts a process, and starts it again when it dies: killed, out of memory, or by a fault in a library. @param settings what it is sent
 * once they are known; it loads meanwhile.
 */
export function keepRunning(
  name: string,
  file: string,
  args: readonly string[] = [],
  settings?: Promise<Readonly<Record<string, string>>>,
): KeptRunning {
  let child: ChildProcess | undefined
  let stopping = false
  let exited: Promise<void> = Promise.resolve()
  const failures = new Failures()
  let isReady: () => void
  let giveUp: (why: string) => void
  const ready = new Promise<void>(resolve => {
    isReady = resolve
  })
  const gaveUp = new Promise<string>(resolve => {
    giveUp = resolve
  })
  const start = () => {
    const started = fork(file, [...args, ...(settings ? [settingsFollow] : [])])
    child = started
    settings?.then(
      known => {
        if (started.connected) started.send(known, () => undefined)
      },
      () => undefined,
    )
    started.once('message', () => {
      isReady()
    })
    exited = new Promise(resolve => {
      started.once('exit', code => {
        resolve()
        if (!stopping) died(code)
      })
    })
  }
  const died = (code: number | null) => {
    // Being killed is no failure.
    const many = code === null ? failures.lately() : failures.another()
    if (code === stopsForGood) {
      giveUp(`The ${name} stopped for good: its last lines above say why.`)
      return
    }
    if (many > mostFailures) {
      giveUp(`The ${name} stopped ${many} times within a minute: its last lines above say why.`)
      return
    }
    process.stderr.write(`The ${name} stopped; starting it again.\n`)
    setTimeout(
      () => {
        if (!stopping) start()
      },
      Math.min(200 * (many + 1), longestPause),
    )
  }
  start()
  return {
    ready,
    gaveUp,
    stop: async () => {
      stopping = true
      child?.kill('SIGTERM')
      const late = setTimeout(() => {
        child?.kill('SIGKILL')
      }, graceMs)
      await exited
      clearTimeout(late)
    },
  }
}
