import type { Sql, TransactionSql } from 'postgres'
import type { DecodedEvent, EventCodec } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { ErasureFenced } from '#event-kit/key-events'
import type { EventStore } from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'
import { type Change, type Projection, categoryOf, evolveDocument, idOf } from '../projection.js'
import { purge, putRows, writeChanges } from './table-writer.js'

type Checkpoint = { readonly position: bigint; readonly eventId: string | undefined }
const batchSize = 500
const start: Checkpoint = { position: 0n, eventId: undefined }

/**
 * One live reader feeds all projections: it decodes once, and each projection takes the batch in a transaction of its own, rows first, checkpoint
 * last. A checkpoint is moved from where it stood, so two runners cannot both write.
 */
export class ProjectionRunner {
  constructor(private readonly sql: Sql, private readonly store: EventStore, private readonly codec: EventCodec, private readonly projections: readonly Projection[]) {}

  /** Runs until the signal aborts. @throws EventStoreRewound when the store is not the one that the checkpoints were taken from. */
  async run(signal: AbortSignal): Promise<void> {
    const checkpoints = await Promise.all(this.projections.map(({ name }) => readCheckpoint(this.sql, name)))
    for (const [n, checkpoint] of checkpoints.entries()) {
      const { position, eventId } = checkpoint
      if (eventId !== undefined) await assertNotRewound(this.store, { position, eventId }, `the projection ${this.projections[n]?.name ?? ''}`)
    }
    const after = checkpoints.map(({ position }) => position).reduce((least, position) => position < least ? position : least)
    let batch: DecodedEvent[] = []
    for await (const item of this.store.subscribe({ after, signal })) {
      if (!('caughtUp' in item)) batch.push(this.codec.decode(item))
      if (batch.length === 0 || (!('caughtUp' in item) && batch.length < batchSize)) continue
      // One projection's failure does not hold up the others; the reader then begins again from where each stands.
      const outcomes = await Promise.allSettled(this.projections.map(projection => this.#apply(projection, batch)))
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
      batch = []
    }
  }

  async #apply(projection: Projection, batch: readonly DecodedEvent[]) {
    await this.sql.begin(async sql => {
      // A read model is rebuilt from the log: what a crash loses here is applied again, because the checkpoint is lost with it.
      await sql`set local synchronous_commit = off`
      const { position } = await lockCheckpoint(sql, projection.name)
      const fresh = batch.filter(({ meta }) => meta.position > position)
      const last = fresh.at(-1)
      if (!last) return
      for (const part of splitAfterFences(fresh)) {
        const mine = part.filter(({ stream }) => projection.contexts.includes(categoryOf(stream)))
        if (projection.kind === 'rows') await writeChanges(sql, mine.flatMap((event): readonly Change[] => projection.changesOf(event)))
        else await this.#foldDocuments(sql, projection, mine)
        const fence = part.at(-1)
        if (fence?.type === 'ErasureFenced') {
          const { subjectRef, kids } = fence.data as DataOfEvent<typeof ErasureFenced>
          await purge(sql, projection.tables, subjectRef, kids)
        }
      }
      await sql`update read_model.checkpoint set position = ${last.meta.position.toString()}, event_id = ${last.meta.eventId}, moved_at = clock_timestamp() where projection = ${projection.name}`
    })
  }

  async #foldDocuments(sql: TransactionSql, projection: Extract<Projection, { kind: 'document' }>, events: readonly DecodedEvent[]) {
    if (events.length === 0) return
    const { table, fold } = projection
    const ids = [...new Set(events.map(({ stream }) => idOf(stream)))]
    const rows = await sql<Record<string, unknown>[]>`select * from read_model.${sql(table.name)} where ${sql(table.key)} = any (${ids}::uuid[])`
    const states = new Map(rows.map(row => [String(row[table.key]), fold.fromRow(row)]))
    const latest = new Map<string, DecodedEvent>()
    for (const event of events) {
      const id = idOf(event.stream)
      states.set(id, evolveDocument(fold, states.get(id) ?? fold.initial, event))
      latest.set(id, event)
    }
    await putRows(sql, table, ids.map(id => fold.toRow(states.get(id), id, (latest.get(id) as DecodedEvent).meta)))
  }
}

/** The purge of a fence comes before any later event of the batch. */
function splitAfterFences(events: readonly DecodedEvent[]): readonly (readonly DecodedEvent[])[] {
  const parts: DecodedEvent[][] = [[]]
  for (const event of events) {
    parts.at(-1)?.push(event)
    if (event.type === 'ErasureFenced') parts.push([])
  }
  return parts.filter(part => part.length > 0)
}

async function readCheckpoint(sql: Sql, projection: string): Promise<Checkpoint> {
  const [row] = await sql<{ position: string; event_id: string | null }[]>`select position, event_id from read_model.checkpoint where projection = ${projection}`
  return row ? { position: BigInt(row.position), eventId: row.event_id ?? undefined } : start
}

async function lockCheckpoint(sql: TransactionSql, projection: string): Promise<Checkpoint> {
  await sql`insert into read_model.checkpoint (projection, position) values (${projection}, 0) on conflict do nothing`
  const [row] = await sql<{ position: string; event_id: string | null }[]>`select position, event_id from read_model.checkpoint where projection = ${projection} for update`
  return row ? { position: BigInt(row.position), eventId: row.event_id ?? undefined } : start
}
