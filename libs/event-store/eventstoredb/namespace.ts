import { type AllStreamRecordedEvent, type Filter, excludeSystemEvents, streamNameFilter } from '@eventstore/db-client'
import type { JsonObject, JsonValue } from '#kernel/json'
import type { LoggedEvent, Payload, RecordedEvent } from '../event-store.js'

/** Which of a server's events a reader is told of, and how. */
export type View<T> = {
  /** What the server need not send; `searching` is called as it passes over that. */
  readonly filter: (searching: () => void) => Filter
  readonly holds: (event: AllStreamRecordedEvent | undefined) => event is AllStreamRecordedEvent
  readonly recorded: (event: AllStreamRecordedEvent) => T
}

const namespaceName = /^[a-z][a-z0-9]{0,39}$/

/**
 * Several installations may share a server: the streams of each begin with its namespace and a full stop, which no stream name of ours
 * holds. One without a namespace takes every stream without a full stop, so its server may hold no streams of other programs.
 */
export class Namespace implements View<RecordedEvent> {
  readonly #prefix: string
  /** Our streams with what others wrote into them, and with what the server says of them. */
  readonly whole: View<LoggedEvent>

  /** @throws TypeError for a namespace that is not up to 40 lower-case letters and digits. */
  constructor(name: string | undefined) {
    if (name !== undefined && !namespaceName.test(name))
      throw new TypeError('A namespace is a lower-case letter and up to 39 lower-case letters and digits')
    this.#prefix = name === undefined ? '' : `${name}.`
    this.whole = wholeOf(this.#prefix)
  }

  nameOf(stream: string): string {
    return `${this.#prefix}${stream}`
  }

  /** Ours, and not the server's own (`$…`) or another installation's. */
  holds(event: AllStreamRecordedEvent | undefined): event is AllStreamRecordedEvent {
    if (event === undefined || event.type.startsWith('$') || event.streamId.startsWith('$')) return false
    return event.streamId.startsWith(this.#prefix) && !event.streamId.includes('.', this.#prefix.length)
  }

  /** What the server need not send; `searching` is called as it passes over that. */
  filter(searching: () => void): Filter {
    const checkpointReached = () => {
      searching()
    }
    return this.#prefix === ''
      ? excludeSystemEvents({ checkpointReached })
      : streamNameFilter({ prefixes: [this.#prefix], checkpointReached })
  }

  recorded({ id, type, streamId, revision, position, created, data, metadata }: AllStreamRecordedEvent): RecordedEvent {
    return {
      id,
      type,
      stream: streamId.slice(this.#prefix.length),
      revision,
      position: position.commit,
      recordedAt: created.toISOString(),
      data: data as JsonObject,
      metadata: metadata as JsonObject,
    }
  }
}

const aboutAStream = '$$'

/**
 * Streams begin with the namespace, or with `$$` and the namespace where the server says something of one; without a namespace they hold
 * no full stop.
 */
function wholeOf(prefix: string): View<LoggedEvent> {
  const ours = (stream: string) => stream.startsWith(prefix) && !stream.startsWith('$') && !stream.includes('.', prefix.length)
  const about = (stream: string) => (stream.startsWith(aboutAStream) ? stream.slice(aboutAStream.length) : stream)
  return {
    filter: searching =>
      prefix === ''
        ? streamNameFilter({ regex: /^(\$\$)?[^$.][^.]*$/.source, checkpointReached: searching })
        : streamNameFilter({ prefixes: [prefix, `${aboutAStream}${prefix}`], checkpointReached: searching }),
    // A link, which a projection of the server's writes, only points at what the log has.
    holds: (event): event is AllStreamRecordedEvent => event !== undefined && event.type !== '$>' && ours(about(event.streamId)),
    recorded: ({ id, type, streamId, revision, position, created, data, metadata }) => ({
      id,
      type,
      stream: streamId.startsWith(aboutAStream) ? `${aboutAStream}${about(streamId).slice(prefix.length)}` : streamId.slice(prefix.length),
      revision,
      position: position.commit,
      recordedAt: created.toISOString(),
      data: payloadOf(data),
      metadata: payloadOf(metadata),
    }),
  }
}

const payloadOf = (value: unknown): Payload =>
  value === undefined ? { bytes: new Uint8Array() } : value instanceof Uint8Array ? { bytes: value } : { json: value as JsonValue }
