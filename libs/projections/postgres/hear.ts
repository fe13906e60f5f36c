import type { EventCodec } from '#event-codec/codec'
import type { RecordedEvent } from '#event-store/event-store'
import type { Heard } from './apply.js'

/** Decodes once for all projections. What cannot be decoded is no reason to stop those whose event it is not. */
export function hear(codec: EventCodec, recorded: RecordedEvent): Heard {
  const { stream, position, id: eventId } = recorded
  try {
    return { stream, position, eventId, event: codec.decode(recorded) }
  } catch {
    return { stream, position, eventId, event: undefined }
  }
}
