import { nameOf } from './judge.js'
import type { Heard, Lie } from './truth.js'

const examplesKept = 3
const lately = 3_000
type Tallied = { times: number; readonly examples: string[] }
/** In ms: the longest time without any answer, and without a good one. */
type Silence = { anyAnswer: number; goodAnswer: number }

/** What was answered, what of it was no truth, and how long nobody answered. */
export class Tally {
  readonly answers = new Map<string, number>()
  readonly lies = new Map<string, Tallied>()
  readonly faults = new Map<string, number>()
  readonly silences = new Map<string, Silence>()
  #last = { any: performance.now(), good: performance.now() }
  #fault: string | undefined
  #waiting: (() => void)[] = []

  constructor(private readonly say: (text: string) => void) {}

  heard(operation: string, heard: Heard) {
    const name = nameOf(operation, heard)
    this.answers.set(name, (this.answers.get(name) ?? 0) + 1)
    if (heard.status === 0) return
    const good = heard.status < 300
    this.#silenceEnds('any')
    if (good) this.#silenceEnds('good')
    if (good) for (const wake of this.#waiting.splice(0)) wake()
  }

  lie(lies: readonly Lie[]) {
    for (const { kind, about } of lies) {
      const told = this.lies.get(kind) ?? { times: 0, examples: [] }
      if (told.times++ === 0) this.say(`NOT THE TRUTH: ${kind} (${about})`)
      if (told.examples.length < examplesKept) told.examples.push(about)
      this.lies.set(kind, told)
    }
  }

  /** From now on, what nobody answers is put down to this fault, unless nobody was answered well since an earlier one. */
  faultBegins(names: readonly string[], silence: string) {
    for (const name of names) this.faults.set(name, (this.faults.get(name) ?? 0) + 1)
    this.#fault = performance.now() - this.#last.good < lately ? silence : (this.#fault ?? silence)
  }

  /** Nobody was asked for a while: that is no silence. */
  beginsToAsk() {
    this.#last = { any: performance.now(), good: performance.now() }
  }

  /** Resolves with the next good answer. */
  nextGood(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
    })
  }

  #silenceEnds(kind: 'any' | 'good') {
    const now = performance.now()
    const ms = Math.round(now - this.#last[kind])
    this.#last = { ...this.#last, [kind]: now }
    if (this.#fault === undefined) return
    const known = this.silences.get(this.#fault) ?? { anyAnswer: 0, goodAnswer: 0 }
    const which = kind === 'any' ? 'anyAnswer' : 'goodAnswer'
    this.silences.set(this.#fault, { ...known, [which]: Math.max(known[which], ms) })
  }
}
