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
  id: textOf(row, row.id),
  type: textOf(row, row.type),
  stream: textOf(row, row.stream),
  revision: fromFirst(row, row.revision, 0n),
  position: placeOf(row),
  recordedAt: instantOf(row),
  data: parsed(textOf(row, row.data)),
  metadata: parsed(textOf(row, row.metadata)),
})
/** Never throws: one row that somebody made unreadable must not hide the others from whoever looks. */
export function logged(row: Row): LoggedEvent {
  try {
    return {
      id: textOf(row, row.id),
      type: textOf(row, row.type),
      stream: textOf(row, row.stream),
      revision: BigInt(row.revision),
      position: placeOf(row),
      recordedAt: instantOf(row),
      data: { canonical: textOf(row, row.data) },
      metadata: { canonical: textOf(row, row.metadata) },
    }
  } catch {
    return damaged(row)
  }
}

/** What somebody with every right can make of a row: nothing of it need be there, or of its type. */
function damaged(row: Readonly<Record<keyof Row, unknown>>): LoggedEvent {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const whole = (value: unknown) => (/^-?[0-9]+$/.test(text(value)) ? BigInt(text(value)) : -1n)
  return {
    id: text(row.id),
    type: text(row.type),
    stream: text(row.stream),
    revision: whole(row.revision),
    position: whole(row.position),
    recordedAt: '',
    data: { canonical: text(row.data) },
    metadata: { canonical: text(row.metadata) },
    damaged: 'something of it is missing, is no time that there was, or stands where no event can follow it: somebody changed it',
  }
}

/** A column may be without a value once somebody took its constraint away. */
function textOf({ stream }: Row, text: string | null): string {
  if (typeof text !== 'string') throw new StreamDamaged(stream, 'out of place')
  return text
}

function fromFirst({ stream }: Row, text: string | null, first: bigint): bigint {
  const value = text === null ? undefined : BigInt(text)
  if (value === undefined || value < first) throw new StreamDamaged(stream, 'out of place')
  return value
}

function placeOf(row: Row): bigint {
  const position = fromFirst(row, row.position, 1n)
  if (position >= lastPosition) throw new StreamDamaged(row.stream, 'out of place')
  return position
}

/** `infinity` and a year before Christ are times for a database. */
function instantOf({ stream, recorded_at: at }: { readonly stream: string; readonly recorded_at: Date | null }): string {
  const ms = at?.getTime() ?? NaN
  if (!(ms >= 0 && ms < 253_402_300_800_000)) throw new StreamDamaged(stream, 'out of place')
  return (at as Date).toISOString()
}

/** What the engine says of broken JSON repeats it. */
function parsed(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    throw new StoreUnavailable(new Error('what stands there is not JSON'))
  }
}
