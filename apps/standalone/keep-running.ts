import { type ChildProcess, fork } from 'node:child_process'
import { stopsForGood } from '#installation/child-process'

export type KeptRunning = {
  /** It said that it is ready, for the first time. */
  readonly ready: Promise<void>
  /** It cannot be kept running; why. */
  readonly gaveUp: Promise<string>
  stop(): Promise<void>
}

/** A process that dies more often than this within a minute has a reason that starting it again does not mend. */
const mostDeaths = 5
const minute = 60_000
const graceMs = 15_000

/** Starts a process, and starts it again when it dies: killed, out of memory, or by a fault in a library. */
export function keepRunning(name: string, file: string, env: NodeJS.ProcessEnv): KeptRunning {
  let child: ChildProcess | undefined
  let stopping = false
  let exited: Promise<void> = Promise.resolve()
  const deaths: number[] = []
  let isReady: () => void
  let giveUp: (why: string) => void
  const ready = new Promise<void>(resolve => { isReady = resolve })
  const gaveUp = new Promise<string>(resolve => { giveUp = resolve })
  const start = () => {
    const started = fork(file, { env })
    child = started
    started.once('message', () => { isReady() })
    exited = new Promise(resolve => {
      started.once('exit', code => {
        resolve()
        if (!stopping) died(code)
      })
    })
  }
  const died = (code: number | null) => {
    const now = performance.now()
    deaths.push(now)
    while ((deaths[0] ?? now) < now - minute) deaths.shift()
    if (code === stopsForGood) { giveUp(`The ${name} stopped for good: its last lines above say why.`); return }
    if (deaths.length > mostDeaths) { giveUp(`The ${name} stopped ${deaths.length} times within a minute: its last lines above say why.`); return }
    process.stderr.write(`The ${name} stopped; starting it again.\n`)
    setTimeout(() => { if (!stopping) start() }, 200 * deaths.length)
  }
  start()
  return {
    ready, gaveUp,
    stop: async () => {
      stopping = true
      child?.kill('SIGTERM')
      const late = setTimeout(() => { child?.kill('SIGKILL') }, graceMs)
      await exited
      clearTimeout(late)
    },
  }
}
