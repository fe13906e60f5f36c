import { canonicalJson } from '#event-kit/canonical'
import type { JsonObject } from '#kernel/json'
import type { EncodedEvent } from '../appendable.js'
import type { RecordedEvent } from '../event-store.js'

/**
 * Whether the server holds what was sent. What another process sent for the same command holds as well: it has the same ids, and the
 * server says of it no more than that it has them; it is known by its own time and correlation, and the append was a repeat.
 */
export function isAsSent(stored: readonly RecordedEvent[], sent: readonly EncodedEvent[]): boolean {
  return stored.length === sent.length && sent.every((event, n) => isThis(stored[n] as RecordedEvent, event))
}

function isThis(stored: RecordedEvent, sent: EncodedEvent): boolean {
  if (stored.id !== sent.id || stored.type !== sent.type) return false
  if (textOf(stored.data) === sent.data && textOf(stored.metadata) === sent.metadata) return true
  return !isOfOneAttempt(stored.metadata, JSON.parse(sent.metadata) as JsonObject)
}

const marks = ['correlationId', 'occurredAt']
const isOfOneAttempt = (stored: JsonObject, sent: JsonObject) => marks.every(mark => stored[mark] === sent[mark])

/** Undefined for what is not I-JSON: nothing of ours. */
function textOf(json: JsonObject): string | undefined {
  try {
    return canonicalJson(json)
  } catch {
    return undefined
  }
}
