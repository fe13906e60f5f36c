import { EventStoreDBClient } from '@eventstore/db-client'
import { assertUsable } from './usable-url.js'

/**
 * The one client of this process for a server. The client keeps the appends that wait for an answer in one table for all clients of a
 * process, so a second one could answer for the first; and what it learnt of a server that froze it never forgets, so a client that got
 * no answer is given up for a new one.
 */
export class Connection {
  static readonly #open = new Map<string, Connection>()
  #client: EventStoreDBClient | undefined
  #users = 0
  readonly #working = new Set<Promise<unknown>>()

  private constructor(private readonly url: string) {}

  /** @throws UnsafeEventStoreUrl, MalformedEventStoreUrl */
  static to(url: string, { production = process.env['NODE_ENV'] === 'production' } = {}): Connection {
    assertUsable(url, production)
    const connection = this.#open.get(url) ?? new Connection(url)
    this.#open.set(url, connection)
    connection.#users++
    return connection
  }

  get client(): EventStoreDBClient {
    return (this.#client ??= EventStoreDBClient.connectionString(this.url))
  }

  /** Work that must have ended before the client is disposed of. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#working.add(work)
    try {
      return await work
    } finally {
      this.#working.delete(work)
    }
  }

  /** Whether this client was given up: it ends the reads that were under way as if there were nothing more to read. */
  hasGivenUp(client: EventStoreDBClient): boolean {
    return this.#client !== client
  }

  /** What still waits for this client fails with an unknown outcome; the next caller gets a new one. */
  giveUp(client: EventStoreDBClient) {
    if (this.#client !== client) return
    this.#client = undefined
    client.dispose().catch(() => undefined)
  }

  async close() {
    if (--this.#users > 0) return
    await Promise.allSettled(this.#working)
    Connection.#open.delete(this.url)
    if (this.#client) this.giveUp(this.#client)
  }
}
