/** Whose turn did not come in time: more is written to one stream than can be. Nothing was done; the same command may be sent again. */
export class StreamBusy extends Error {
  constructor() {
    super('the stream is written to faster than it can be')
  }
}

/** How many wait for one stream at most: more would only wait for nothing. */
const mostWaiting = 200

/**
 * Commands on one stream take turns within the process, in the order in which they came: decided beside each other all but one would
 * lose the race for the revision. It is a courtesy and no lock: the revision decides all the same, and whoever keeps the turn for
 * longer than its time, or dies with it, loses it.
 */
export class Turns {
  /** Who waits, for each stream on which somebody works. */
  readonly #waiting = new Map<string, Set<() => void>>()

  constructor(private readonly most = mostWaiting) {}

  /**
   * Does the work when it is its turn. `waited`: others were before, and what was read of the stream may be old. @throws StreamBusy
   * after so many milliseconds without a turn, or where too many wait already; what the work throws
   */
  async take<T>(stream: string, ms: number, work: (waited: boolean) => Promise<T>): Promise<T> {
    const until = performance.now() + ms
    const waiting = this.#waiting.get(stream)
    if (waiting) await this.#turn(waiting, ms)
    else this.#waiting.set(stream, new Set())
    const done = this.#once(() => {
      this.#next(stream)
    })
    const late = setTimeout(done, Math.max(until - performance.now(), 0))
    late.unref()
    try {
      return await work(waiting !== undefined)
    } finally {
      clearTimeout(late)
      done()
    }
  }

  #turn(waiting: Set<() => void>, ms: number): Promise<void> {
    if (waiting.size >= this.most) return Promise.reject(new StreamBusy())
    return new Promise((resolve, reject) => {
      const mine = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.delete(mine)
        reject(new StreamBusy())
      }, ms)
      timer.unref()
      waiting.add(mine)
    })
  }

  #next(stream: string) {
    const waiting = this.#waiting.get(stream)
    const [first] = waiting ?? []
    if (first) {
      waiting?.delete(first)
      first()
    } else this.#waiting.delete(stream)
  }

  #once(work: () => void) {
    let done = false
    return () => {
      if (!done) work()
      done = true
    }
  }
}
