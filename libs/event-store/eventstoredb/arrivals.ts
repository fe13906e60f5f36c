import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client'

/** What waits for a slow consumer, at most: then the server is held back. */
const buffer = { full: 500, low: 100 }

/** What a subscription has brought and nobody has taken yet; and whether it is live, or broken. */
export class Arrivals {
  #waiting: AllStreamResolvedEvent[] = []
  #isLive = false
  #broken: Error | undefined
  #wake: () => void = () => undefined

  constructor(private readonly subscription: AllStreamSubscription) {
    const ended = () => {
      this.#breakBy(new Error('the subscription ended'))
    }
    subscription
      .on('data', (event: AllStreamResolvedEvent) => {
        this.#waiting.push(event)
        if (this.#waiting.length >= buffer.full) subscription.pause()
        this.wake()
      })
      .on('caughtUp', () => {
        this.#isLive = true
        this.wake()
      })
      .on('error', (error: Error) => {
        this.#breakBy(error)
      })
      .on('end', ended)
      .on('close', ended)
  }

  /** It was live once: the server says so at other times, too. */
  get isLive(): boolean {
    return this.#isLive
  }

  /** What broke the subscription: it brings nothing more. */
  get broken(): Error | undefined {
    return this.#broken
  }

  get areWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Nothing waits here, nor in the stream behind it. */
  get areDrained(): boolean {
    return this.#waiting.length === 0 && this.subscription.readableLength === 0 && !this.subscription.isPaused()
  }

  /** All that wait, in their order. */
  take(): readonly AllStreamResolvedEvent[] {
    const batch = this.#waiting
    this.#waiting = []
    return batch
  }

  /** The server is held back no more, unless others have come meanwhile. */
  goOn() {
    if (this.#waiting.length < buffer.low) this.subscription.resume()
  }

  /** Until something has come, the subscription broke, or somebody calls `wake`. */
  news(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  wake() {
    this.#wake()
  }

  #breakBy(error: Error) {
    this.#broken ??= error
    this.wake()
  }
}
