import type { Random } from '../support/random.js'

/** The process was killed: nothing that it was doing goes on. */
export class Crashed extends Error {}

/** Somebody who can be killed. What waits for the dead learns of it; the dead do nothing any more. */
export class Process {
  alive = true
  readonly #died: (() => void)[] = []

  kill() {
    this.alive = false
    for (const tell of this.#died.splice(0)) tell()
  }

  /** Work in this process, as its caller sees it. @throws Crashed */
  call<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#died.push(() => {
        reject(new Crashed())
      })
      if (this.alive) work().then(resolve, reject)
      else reject(new Crashed())
    })
  }
}

type Waiting = { readonly process: Process; readonly resume: () => void }
const turn = () =>
  new Promise<void>(resolve => {
    setImmediate(resolve)
  })

/** Everybody stops at each point where the world could interfere; the seed says who goes on. */
export class Scheduler {
  #waiting: Waiting[] = []
  steps = 0

  constructor(
    private readonly random: Random,
    private readonly meanwhile: () => void,
  ) {}

  /** Where a process may be overtaken, or die. */
  point(process: Process): Promise<void> {
    return new Promise(resume => {
      if (process.alive) this.#waiting.push({ process, resume })
    })
  }

  /** Until nobody has anything left to do. @throws Error for a run that does not end. */
  async run(tasks: readonly Promise<unknown>[], most: number): Promise<void> {
    let done = false
    const all = Promise.allSettled(tasks).then(outcomes => {
      done = true
      return outcomes
    })
    const isDone = () => done
    while (!isDone()) {
      await turn()
      if (isDone()) break
      if (++this.steps > most) throw new Error(`it did not come to an end within ${most} steps`)
      this.meanwhile()
      // Whom the world has just killed does nothing any more.
      this.#waiting = this.#waiting.filter(({ process }) => process.alive)
      if (this.#waiting.length === 0) continue
      const [next] = this.#waiting.splice(this.random.below(this.#waiting.length), 1)
      next?.resume()
    }
    for (const outcome of await all) if (outcome.status === 'rejected') throw outcome.reason
  }
}
