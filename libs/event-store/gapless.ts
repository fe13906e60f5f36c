import { type RecordedEvent, StreamDamaged } from './event-store.js'

/** The events, when they are what stands in the stream from a revision on, one after another. @throws StreamDamaged */
export function gapless(stream: string, from: bigint, events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  for (const [n, { revision }] of events.entries()) if (revision !== from + BigInt(n)) throw new StreamDamaged(stream, 'incomplete')
  return events
}
