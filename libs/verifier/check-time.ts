import type { Scope } from './bundle-layout.js'
import type { LeafHeader } from './leaf-header.js'
import type { Report } from './verdict.js'

/** The ledger says that it is alive at most ten minutes apart; a minute is for a busy machine. */
const longestSilence = 11 * 60_000

/** When the log was silent, by the entries of its own stream. Silence is no fault by itself: a service that stands still says nothing. */
export class Heartbeats {
  #last: string | undefined
  #silences = 0
  #longest = { ms: 0, from: '' }

  constructor(
    private readonly scope: Scope,
    private readonly report: Report,
  ) {}

  leaf({ stream, created }: LeafHeader): void {
    if (stream !== this.scope.ledgerStream) return
    const ms = this.#last === undefined ? 0 : Date.parse(created) - Date.parse(this.#last)
    if (ms > longestSilence) this.#silences++
    if (ms > this.#longest.ms) this.#longest = { ms, from: this.#last as string }
    this.#last = created
  }

  end(): void {
    if (this.#last === undefined) {
      this.report.remark('time', 'The ledger has said nothing of itself.')
      return
    }
    this.report.remark('time', `The ledger last said that it is alive at ${this.#last}.`)
    if (this.#silences > 0)
      this.report.remark(
        'time',
        `It was silent for more than ten minutes ${this.#silences} times, `
          + `the longest for ${Math.round(this.#longest.ms / 60_000)} minutes after ${this.#longest.from}: ask what happened then.`,
      )
  }
}
