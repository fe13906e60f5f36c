import { setTimeout as after } from 'node:timers/promises'
import type { Answer } from '../support/standalone.js'
import type { Tally } from './tally.js'
import type { Heard, Moment, Truth } from './truth.js'

/** Longer than a stalled API and all that it waits for afterwards. */
export const answeredWithin = 45_000

/** Everybody's way to the service: counts what is answered, and lets all of them rest. */
export class Asking {
  #inFlight = 0
  #resting: Promise<void> | undefined
  #goOn: () => void = () => undefined

  constructor(
    private readonly truth: Truth,
    private readonly tally: Tally,
  ) {}

  /** Asks once. Whoever is not there, or falls silent, is status 0. */
  async ask(
    operation: string,
    send: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<{ readonly heard: Heard; readonly moment: Moment }> {
    await this.#resting
    const asked = this.truth.now()
    const late = AbortSignal.timeout(answeredWithin)
    this.#inFlight++
    try {
      const heard = await send(late).then(heardOf, (): Heard => ({ status: 0, code: late.aborted ? 'late' : 'none', body: {} }))
      this.tally.heard(operation, heard)
      return { heard, moment: { asked, answered: this.truth.now() } }
    } finally {
      this.#inFlight--
    }
  }

  /** Nobody asks any more, and everybody was answered, or as good as. */
  async rest(signal: AbortSignal) {
    this.#resting = new Promise(resolve => {
      this.#goOn = resolve
    })
    while (this.#inFlight > 0 && !signal.aborted) await after(20)
  }

  goOn() {
    if (this.#resting) this.tally.beginsToAsk()
    this.#resting = undefined
    this.#goOn()
  }
}

function heardOf({ status, body }: Answer): Heard {
  const { code } = body
  return { status, code: typeof code === 'string' ? code : undefined, body }
}
