/** What was learned from how a process ended: it is started again after a pause, or not any more. */
export type Verdict = { readonly pauseMs: number } | { readonly givenUp: string }

/** A process that ends so often before it was ready has a reason that starting it again does not mend. */
const mostUnready = 8
const longestUnreadyPause = 10_000
/** One that was ready and ends by itself more often than this within a minute has one, too. */
const mostLately = 20
const longestPause = 3_000
const firstPause = 200
const minute = 60_000

/** How a process fares that is started again whenever it ends. Being killed is no failure. */
export class Restarts {
  readonly #endedAt: number[] = []
  #unready = 0
  #why: string | undefined

  constructor(
    private readonly name: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  ready() {
    this.#unready = 0
  }
  /** It says itself why it ends. */
  said(why: string) {
    this.#why = why
  }

  /** @param by itself, by a signal, or with the code of one that would only fail again */
  ended(by: 'ITSELF' | 'SIGNAL' | 'FOR_GOOD'): Verdict {
    const why = this.#why === undefined ? 'its last lines above say why.' : this.#why
    this.#why = undefined
    if (by === 'FOR_GOOD') return { givenUp: `The ${this.name} stopped for good: ${why}` }
    const lately = this.#lately(by === 'ITSELF')
    if (by === 'SIGNAL') return { pauseMs: Math.min(firstPause * (lately + 1), longestPause) }
    this.#unready += 1
    if (this.#unready >= mostUnready)
      return { givenUp: `The ${this.name} stopped ${this.#unready} times before it was ready; the last time: ${why}` }
    if (lately > mostLately) return { givenUp: `The ${this.name} stopped ${lately} times within a minute; the last time: ${why}` }
    return this.#unready > 1
      ? { pauseMs: Math.min(firstPause * 2 ** (this.#unready - 1), longestUnreadyPause) }
      : { pauseMs: Math.min(firstPause * (lately + 1), longestPause) }
  }

  #lately(another: boolean): number {
    const now = this.now()
    if (another) this.#endedAt.push(now)
    while ((this.#endedAt[0] ?? now) < now - minute) this.#endedAt.shift()
    return this.#endedAt.length
  }
}
