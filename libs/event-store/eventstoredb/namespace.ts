import { type AllStreamRecordedEvent, type Filter, excludeSystemEvents, streamNameFilter } from '@eventstore/db-client'
import type { JsonObject } from '#kernel/json'
import type { RecordedEvent } from '../event-store.js'

const namespaceName = /^[a-z][a-z0-9]{0,39}$/

/**
 * Several installations may share a server: the streams of each begin with its namespace and a full stop, which no stream name of ours holds. One without a
 * namespace takes every stream without a full stop, so its server may hold no streams of other programs.
 */
export class Namespace {
  readonly #prefix: string

  /** @throws TypeError for a namespace that is not up to 40 lower-case letters and digits. */
  constructor(name: string | undefined) {
    if (name !== undefined && !namespaceName.test(name)) throw new TypeError('A namespace is a lower-case letter and up to 39 lower-case letters and digits')
    this.#prefix = name === undefined ? '' : `${name}.`
  }

  nameOf(stream: string): string { return `${this.#prefix}${stream}` }

  /** Ours, and not the server's own (`$…`) or another installation's. */
  holds(event: AllStreamRecordedEvent | undefined): event is AllStreamRecordedEvent {
    if (event === undefined || event.type.startsWith('$') || event.streamId.startsWith('$')) return false
    return event.streamId.startsWith(this.#prefix) && !event.streamId.includes('.', this.#prefix.length)
  }

  /** What the server need not send; `searching` is called as it passes over that. */
  filter(searching: () => void): Filter {
    const checkpointReached = () => { searching() }
    return this.#prefix === '' ? excludeSystemEvents({ checkpointReached }) : streamNameFilter({ prefixes: [this.#prefix], checkpointReached })
  }

  recorded({ id, type, streamId, revision, position, created, data, metadata }: AllStreamRecordedEvent): RecordedEvent {
    return {
      id, type, stream: streamId.slice(this.#prefix.length), revision, position: position.commit, recordedAt: created.toISOString(),
      data: data as JsonObject, metadata: metadata as JsonObject,
    }
  }
}
