import type { DecodedEvent, EventCodec } from '#event-codec/codec'
import type { RecordedEvent } from '#event-store/event-store'
import { kindOf } from '#kernel/error-kind'
import { NewerEvent, newerNoted } from '#kernel/newer-event'

/**
 * An event as the reader heard it: decoded once for everybody or, where this version cannot decode it, with the kind of error instead, or
 * which newer event it is.
 */
export type Heard = {
  readonly stream: string
  readonly position: bigint
  readonly eventId: string
  readonly event: DecodedEvent | undefined
  readonly undecodable?: string
}

/** What cannot be decoded is no reason to stop those whose event it is not: whoever answers for its stream has to fail on it. */
export function hear(codec: Pick<EventCodec, 'decode'>, recorded: RecordedEvent): Heard {
  const { stream, position, id: eventId } = recorded
  try {
    return { stream, position, eventId, event: codec.decode(recorded) }
  } catch (error) {
    return { stream, position, eventId, event: undefined, undecodable: error instanceof NewerEvent ? newerNoted(error) : kindOf(error) }
  }
}
