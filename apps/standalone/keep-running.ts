import { type ChildProcess, fork } from 'node:child_process'
import { settingsFollow, stopsForGood, whyIn } from '#hosting/own-process'
import { Restarts } from './restarts.js'

export type KeptRunning = {
  /** It said that it is ready, for the first time. */
  readonly ready: Promise<void>
  /** It cannot be kept running; why. */
  readonly gaveUp: Promise<string>
  stop(): Promise<void>
}

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
  const restarts = new Restarts(name)
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
    started.on('message', message => {
      const why = whyIn(message)
      if (why !== undefined) {
        restarts.said(why)
        return
      }
      restarts.ready()
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
    const verdict = restarts.ended(code === null ? 'SIGNAL' : code === stopsForGood ? 'FOR_GOOD' : 'ITSELF')
    if ('givenUp' in verdict) {
      giveUp(verdict.givenUp)
      return
    }
    const { pauseMs } = verdict
    process.stderr.write(`The ${name} stopped; starting it again in ${(pauseMs / 1_000).toFixed(1)} s.\n`)
    setTimeout(() => {
      if (!stopping) start()
    }, pauseMs)
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
