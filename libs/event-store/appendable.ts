import { canonicalJson } from '#event-kit/canonical'
import { NotIJson } from '#event-kit/i-json'
import { AppendRefused, type NewEvent } from './event-store.js'

const streamName = /^[a-z]+(-[a-z0-9]+)*$/
const eventType = /^[A-Z][A-Za-z0-9]{0,99}$/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Below EventStoreDB's 1 MiB for a whole append, so that no store takes what another refuses. */
const maxAppendBytes = 1_000_000
const maxEvents = 1_000

/** An event as canonical JSON text: what is stored and hashed. */
export type EncodedEvent = { readonly id: string; readonly type: string; readonly data: string; readonly metadata: string }

/** @throws AppendRefused for what some store could not hold, or would hold twice. */
export function encodeAppend(stream: string, events: readonly NewEvent[]): readonly EncodedEvent[] {
  if (stream.length > 200 || !streamName.test(stream))
    throw new AppendRefused('A stream name is lower-case words and ids joined by hyphens, at most 200 characters')
  if (events.length === 0) throw new AppendRefused('An append has at least one event')
  if (events.length > maxEvents) throw new AppendRefused(`An append has at most ${maxEvents} events`)
  if (new Set(events.map(({ id }) => id)).size !== events.length) throw new AppendRefused('An append must not hold the same event id twice')
  const encoded = events.map(encodeEvent)
  const bytes = encoded.reduce((sum, { data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata) + 200, 0)
  if (bytes > maxAppendBytes) throw new AppendRefused(`An append is at most ${maxAppendBytes} bytes`)
  return encoded
}

function encodeEvent({ id, type, data, metadata }: NewEvent): EncodedEvent {
  if (!uuid.test(id)) throw new AppendRefused('An event id is a lower-case UUID')
  if (!eventType.test(type)) throw new AppendRefused('An event type is a name in PascalCase')
  try {
    return { id, type, data: canonicalJson(data), metadata: canonicalJson(metadata) }
  } catch (error) {
    if (error instanceof NotIJson) throw new AppendRefused(error.message)
    throw error
  }
}
