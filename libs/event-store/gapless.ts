import { type RecordedEvent, StreamDamaged } from './event-store.js'

/**
 * The events, when they are what stands in the stream from a revision on, one after another, and behind a position of the log.
 * @throws StreamDamaged
 */
export function gapless(stream: string, from: bigint, events: readonly RecordedEvent[], behind = 0n): readonly RecordedEvent[] {
  let [due, last] = [from, behind]
  for (const { revision, position } of events) {
    if (revision !== due++) throw new StreamDamaged(stream, 'incomplete')
    if (position <= last) throw new StreamDamaged(stream, 'out of place')
    last = position
  }
  return events
}
