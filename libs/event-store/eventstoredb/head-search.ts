import { BACKWARDS, END } from '@eventstore/db-client'
import type { RecordedEvent } from '../event-store.js'
import type { Namespace } from './namespace.js'
import { type Pages, pageSize } from './pages.js'
import { positionOf } from './subscription.js'

/** How many pages back our last event is looked for, before the server is asked to seek it out among those of others. */
const pagesBackwards = 40
/** Ours is often the last one, or among the last. */
const firstPage = 8

/** Looks for our last event in a log that others write into, too. */
export class HeadSearch {
  /** How far the log was searched, and what was found: a shared server is not searched twice. */
  #searched: { readonly to: bigint; readonly head: bigint | undefined } = { to: 0n, head: undefined }

  /** @param seek our events after a position, as the server finds them. */
  constructor(
    private readonly pages: Pages,
    private readonly namespace: Namespace,
    private readonly seek: (after: bigint | undefined) => AsyncIterable<RecordedEvent>,
  ) {}

  /** The position of our last event. */
  async head(): Promise<bigint | undefined> {
    let { to: known, head } = this.#searched
    let end: bigint | undefined
    for (let [pages, before] = [0, undefined as bigint | undefined]; ; pages++) {
      const from = before
      const page = await this.pages.page(client =>
        client.readAll({
          fromPosition: from === undefined ? END : positionOf(from),
          maxCount: from === undefined ? firstPage : pageSize,
          direction: BACKWARDS,
          requiresLeader: true,
        }),
      )
      end ??= page[0]?.position.commit
      // A server that ends before what was searched is not the one that was searched.
      if (end === undefined || end < known) [known, head] = [0n, undefined]
      const last = page.find(event => this.namespace.holds(event))?.position.commit
      if (last !== undefined) return this.#searchedTo(end, last)
      before = page.at(-1)?.position.commit
      if (before === undefined) return this.#searchedTo(end, undefined)
      if (before <= known) return this.#searchedTo(end, head)
      if (pages < pagesBackwards) continue
      for await (const { position } of this.seek(known || undefined)) head = position
      return this.#searchedTo(end, head)
    }
  }

  /** Whoever wrote since the search began is found by the next one. */
  #searchedTo(end: bigint | undefined, head: bigint | undefined) {
    this.#searched = { to: end ?? 0n, head }
    return head
  }
}
