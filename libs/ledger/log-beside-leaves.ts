import type { EventStore, LoggedEvent } from '#event-store/event-store'

/** The whole log, read once beside the leaves: both are in the order of positions. */
export class LogBesideLeaves {
  readonly #stop = new AbortController()
  readonly #events: AsyncIterator<LoggedEvent | { readonly caughtUp: true }>
  #next: LoggedEvent | undefined
  #ended = false

  /** @param skipped told of every event between the positions that were asked for. */
  constructor(
    store: Pick<EventStore, 'whole'>,
    private readonly skipped: (event: LoggedEvent) => void = () => undefined,
  ) {
    this.#events = store.whole.follow({ signal: this.#stop.signal })[Symbol.asyncIterator]()
  }

  /**
   * The event at a position beyond the one that was asked for last; undefined where the log does not have it. @throws StoreUnavailable,
   * EventStoreRewound
   */
  async at(position: bigint): Promise<LoggedEvent | undefined> {
    for (let event = await this.#peek(); event && event.position <= position; event = await this.#peek()) {
      this.#next = undefined
      if (event.position === position) return event
      this.skipped(event)
    }
    return undefined
  }

  /** What stands behind the position that was asked for last, up to the head. @throws as `at` */
  async *rest(): AsyncGenerator<LoggedEvent> {
    for (let event = await this.#peek(); event; event = await this.#peek()) {
      this.#next = undefined
      yield event
    }
  }

  async #peek(): Promise<LoggedEvent | undefined> {
    if (this.#next || this.#ended) return this.#next
    const item = await this.#events.next()
    if (item.done || 'caughtUp' in item.value) this.#ended = true
    else this.#next = item.value
    return this.#next
  }

  /** To be called in any case: the log is followed until then. */
  stop() {
    this.#stop.abort()
  }
}
