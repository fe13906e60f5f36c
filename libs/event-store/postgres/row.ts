import type { JsonObject } from '#kernel/json'
import { lastPosition } from './migrations/0004-between-first-and-last.js'
import { type LoggedEvent, type RecordedEvent, StoreUnavailable, StreamDamaged } from '../event-store.js'

/** An event as its table holds it: payloads are canonical JSON text. */
export type Row = {
  position: string
  stream: string
  revision: string
  id: string
  type: string
  data: string
  metadata: string
  recorded_at: Date
}

/**
 * Both are written out: what they share, spread into each, cost a twentieth of sequencing. @throws StreamDamaged for one before the first
 * position or revision, which only readers of the other would see, and for one so far up that no append can follow it
 */
export const recorded = (row: Row): RecordedEvent => ({
  id: row.id,
  type: row.type,
  stream: row.stream,
  revision: fromFirst(row, row.revision, 0n),
  position: placeOf(row),
  recordedAt: instantOf(row),
  data: parsed(row.data),
  metadata: parsed(row.metadata),
})
export const logged = (row: Row): LoggedEvent => ({
  id: row.id,
  type: row.type,
  stream: row.stream,
  revision: BigInt(row.revision),
  position: placeOf(row),
  recordedAt: instantOf(row),
  data: { canonical: row.data },
  metadata: { canonical: row.metadata },
})

function fromFirst({ stream }: Row, text: string, first: bigint): bigint {
  const value = BigInt(text)
  if (value < first) throw new StreamDamaged(stream, 'out of place')
  return value
}

function placeOf(row: Row): bigint {
  const position = fromFirst(row, row.position, 1n)
  if (position >= lastPosition) throw new StreamDamaged(row.stream, 'out of place')
  return position
}

/** `infinity` is a time for a database. */
function instantOf({ stream, recorded_at: at }: Row): string {
  if (Number.isNaN(at.getTime())) throw new StreamDamaged(stream, 'out of place')
  return at.toISOString()
}

/** What the engine says of broken JSON repeats it. */
function parsed(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    throw new StoreUnavailable(new Error('what stands there is not JSON'))
  }
}
