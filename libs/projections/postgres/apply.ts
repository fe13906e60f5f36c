import type { TransactionSql } from 'postgres'
import type { DecodedEvent } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { ErasureFenced, KeyRetired } from '#event-kit/key-events'
import { newerIn } from '#kernel/newer-event'
import type { Heard } from '../hear.js'
import { type Change, type Projection, categoryOf, evolveDocument, hears, idOf } from '../projection.js'
import { type Place, purge, putRows, writeChanges } from './table-writer.js'

/** An event in the log that this version cannot read: of an unknown type, or changed. */
export class Undecodable extends Error {
  /** As it is noted: by its kind, or which newer event it is. */
  readonly noted: string
  constructor({ eventId, undecodable }: Heard) {
    super(`The event ${eventId} cannot be decoded`)
    this.noted = undecodable !== undefined && newerIn(undecodable) !== undefined ? undecodable : Undecodable.name
  }
}

/**
 * The rows that follow from these events, and then the purges of their fences: a purge goes by key, and takes out what was sealed under a
 * dead key wherever in the batch it stands. Events of parked partitions are passed over, except that their fences purge. @throws
 * Undecodable
 */
export async function applyEvents(
  place: Place<TransactionSql>,
  projection: Projection,
  heard: readonly Heard[],
  parked: ReadonlySet<string> = new Set(),
): Promise<void> {
  const mine = heard
    .filter(({ stream }) => projection.contexts.includes(categoryOf(stream)) && !parked.has(stream))
    .map(one => {
      if (!one.event) throw new Undecodable(one)
      return one.event
    })
  if (projection.kind === 'rows')
    await writeChanges(
      place,
      mine.flatMap((event): readonly Change[] => projection.changesOf(event)),
    )
  else await foldDocuments(place, projection, mine)
  const fences = heard.flatMap(({ event }) => fenceOf(event) ?? [])
  await purge(
    place,
    projection.tables,
    fences.map(({ subjectRef }) => subjectRef),
    fences.flatMap(({ kids }) => kids),
  )
}

async function foldDocuments(
  place: Place<TransactionSql>,
  { table, fold }: Extract<Projection, { kind: 'document' }>,
  events: readonly DecodedEvent[],
) {
  const heard = events.filter(event => hears(fold, event))
  if (heard.length === 0) return
  const { sql, schema } = place
  const ids = [...new Set(heard.map(({ stream }) => idOf(stream)))]
  const rows = await sql<
    Record<string, unknown>[]
  >`select * from ${sql(schema)}.${sql(table.name)} where ${sql(table.key)} = any (${ids}::uuid[])`
  const states = new Map(rows.map(row => [String(row[table.key]), fold.fromRow(row)]))
  const latest = new Map<string, DecodedEvent>()
  for (const event of heard) {
    const id = idOf(event.stream)
    states.set(id, evolveDocument(fold, states.get(id) ?? fold.initial, event))
    latest.set(id, event)
  }
  const folded = ids.map(id => fold.toRow(states.get(id), id, (latest.get(id) as DecodedEvent).meta)).filter(row => row !== undefined)
  if (folded.length > 0) await putRows(place, table, folded)
}

/** The keys that are dead from this event on. */
function fenceOf(event: DecodedEvent | undefined): { readonly subjectRef: string; readonly kids: readonly string[] } | undefined {
  if (event?.type === 'ErasureFenced') return event.data as DataOfEvent<typeof ErasureFenced>
  if (event?.type !== 'KeyRetired') return undefined
  const { subjectRef, kid } = event.data as DataOfEvent<typeof KeyRetired>
  return { subjectRef, kids: [kid] }
}
