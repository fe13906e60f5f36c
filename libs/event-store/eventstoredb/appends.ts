import type { AlteredStreams } from '../altered-streams.js'
import { encodeAppend } from '../appendable.js'
import {
  AppendOutcomeUnknown,
  type Appended,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  type RecordedEvent,
  StoreUnavailable,
} from '../event-store.js'
import { withPatience } from '../patience.js'
import { appendFailure, spoilsClient } from './answers.js'
import type { Connection } from './connection.js'
import type { Namespace } from './namespace.js'
import { isAsSent } from './stored-as-sent.js'

/** Appends, each read back before it is answered: the server says that it stored something, and not what. */
export class Appends {
  constructor(
    private readonly connection: Connection,
    private readonly namespace: Namespace,
    private readonly patience: number,
    private readonly altered: AlteredStreams,
    private readonly store: Pick<EventStore, 'readStream'>,
  ) {}

  /** @throws as `append` of the event store */
  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const sent = encodeAppend(stream, events)
    this.altered.assertNot(stream)
    await this.#send(stream, expected, events)
    const stored = await this.#readBack(stream, expected === 'no_stream' ? 0n : expected + 1n, sent.length)
    const last = stored.at(-1)
    if (!last || !isAsSent(stored, sent)) throw this.altered.add(stream)
    return { revision: last.revision, position: last.position }
  }

  async #send(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<void> {
    const { client } = this.connection
    const proposed = events.map(event => ({ ...event, contentType: 'application/json' as const }))
    try {
      const appending = client.appendToStream(this.namespace.nameOf(stream), proposed, { expectedRevision: expected, requiresLeader: true })
      await this.connection.during(withPatience(this.patience, appending))
    } catch (error) {
      if (spoilsClient(error)) this.connection.giveUp(client)
      throw appendFailure(error, stream, expected)
    }
  }

  /** @throws AppendOutcomeUnknown, StreamDamaged */
  async #readBack(stream: string, from: bigint, limit: number): Promise<readonly RecordedEvent[]> {
    const stored: RecordedEvent[] = []
    try {
      for await (const event of this.store.readStream(stream, { from, limit })) stored.push(event)
      return stored
    } catch (error) {
      throw error instanceof StoreUnavailable ? new AppendOutcomeUnknown(error.cause) : error
    }
  }
}
