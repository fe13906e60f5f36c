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
  const failures: number[] = []
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
    const now = performance.now()
    if (code !== null) failures.push(now)
    while ((failures[0] ?? now) < now - minute) failures.shift()
    if (code === stopsForGood) {
      giveUp(`The ${name} stopped for good: its last lines above say why.`)
      return
    }
    if (failures.length > mostFailures) {
      giveUp(`The ${name} stopped ${failures.length} times within a minute: its last lines above say why.`)
      return
    }
    process.stderr.write(`The ${name} stopped; starting it again.\n`)
    setTimeout(
      () => {
        if (!stopping) start()
      },
      Math.min(200 * (failures.length + 1), longestPause),
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
