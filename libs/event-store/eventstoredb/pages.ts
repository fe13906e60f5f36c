import {
  type AllStreamRecordedEvent,
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  type ReadStreamOptions,
  type ResolvedEvent,
  StreamDeletedError,
  StreamNotFoundError,
  type StreamingRead,
} from '@eventstore/db-client'
import { type Damage, type RecordedEvent, StoreUnavailable, StreamDamaged } from '../event-store.js'
import { withPatience } from '../patience.js'
import { readFailure, spoilsClient } from './answers.js'
import type { Connection } from './connection.js'
import type { Namespace } from './namespace.js'

export const pageSize = 250
type Read = StreamingRead<ResolvedEvent> | StreamingRead<AllStreamResolvedEvent>

/** Whoever else waited for the same server lost patience with it while this was read. */
class GivenUp extends Error {
  constructor() {
    super('the connection was given up while this was read')
  }
}

/** What is read of a server in one answer: whole, or not at all. */
export class Pages {
  constructor(
    private readonly connection: Connection,
    private readonly namespace: Namespace,
    private readonly patience: number,
  ) {}

  /** The client ends the reads of one that was given up as if there were nothing more to read. @throws StoreUnavailable, NoSuchPosition */
  async page(open: (client: EventStoreDBClient) => Read): Promise<readonly AllStreamRecordedEvent[]> {
    const { client } = this.connection
    const read = open(client)
    // The client also reports what happens to a read that nobody waits for any more.
    read.on('error', () => undefined)
    try {
      const page = await this.connection.during(withPatience(this.patience, collected(read)))
      if (this.connection.hasGivenUp(client)) throw new GivenUp()
      return page
    } catch (error) {
      if (error instanceof StreamNotFoundError) return []
      if (spoilsClient(error)) this.connection.giveUp(client)
      void Promise.resolve(read.cancel()).catch(() => undefined)
      throw readFailure(error)
    }
  }

  /**
   * A page of a stream of ours. One with nothing in it may be one whose events are hidden: that is asked. @throws StoreUnavailable,
   * StreamDamaged
   */
  async ofStream(stream: string, options: ReadStreamOptions): Promise<readonly RecordedEvent[]> {
    const page = await this.#named(stream, this.namespace.nameOf(stream), options)
    const damage = page.length === 0 ? await this.#hides(stream) : undefined
    if (damage) throw new StreamDamaged(stream, damage)
    return page.map(event => this.namespace.recorded(event))
  }

  /** @throws StoreUnavailable */
  async damageTo(stream: string): Promise<Damage | undefined> {
    try {
      await this.#named(stream, this.namespace.nameOf(stream), lastOne)
      return await this.#hides(stream)
    } catch (error) {
      if (error instanceof StreamDamaged) return error.how
      throw error
    }
  }

  async #hides(stream: string): Promise<Damage | undefined> {
    const [metadata] = await this.#named(stream, `$$${this.namespace.nameOf(stream)}`, lastOne)
    return metadata && hidesEvents(metadata.data) ? 'hidden' : undefined
  }

  /** Of the stream itself, or of the one that has its metadata. */
  async #named(stream: string, name: string, options: ReadStreamOptions) {
    try {
      return await this.page(client => client.readStream(name, { ...options, requiresLeader: true }))
    } catch (error) {
      if (error instanceof StoreUnavailable && error.cause instanceof StreamDeletedError) throw new StreamDamaged(stream, 'deleted')
      throw error
    }
  }
}

const lastOne = { fromRevision: END, maxCount: 1, direction: BACKWARDS } as const

/** What makes a server hide, and later remove, events of a stream. */
function hidesEvents(metadata: unknown): boolean {
  const limits = (metadata ?? {}) as Readonly<Record<string, unknown>>
  return '$maxCount' in limits || '$maxAge' in limits || Number(limits['$tb'] ?? 0) > 0
}

async function collected(read: Read) {
  const events: AllStreamRecordedEvent[] = []
  for await (const { event } of read as AsyncIterable<AllStreamResolvedEvent>) if (event) events.push(event)
  return events
}
