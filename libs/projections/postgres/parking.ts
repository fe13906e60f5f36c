import type { Sql, TransactionSql } from 'postgres'
import type { EventStore } from '#event-store/event-store'
import type { EventCodec } from '#event-codec/codec'
import { kindOf } from '#kernel/error-kind'
import { newerIn, newerPattern } from '#kernel/newer-event'
import { type Heard, hear } from '../hear.js'
import type { Projection } from '../projection.js'
import { Undecodable, applyEvents } from './apply.js'
import { lockCheckpoint } from './checkpoints.js'

/** A partition whose projection stopped at an event: where, and by what kind of error; never what was in it. */
export type Parked = {
  readonly projection: string
  readonly stream: string
  readonly position: bigint
  readonly error: string
  readonly parkedAt: string
}

export async function parkedStreams(sql: TransactionSql, projection: string): Promise<ReadonlySet<string>> {
  const rows = await sql<{ stream: string }[]>`select stream from read_model.parked where projection = ${projection}`
  return new Set(rows.map(({ stream }) => stream))
}

export async function park(sql: TransactionSql, projection: string, { stream, position, eventId }: Heard, error: unknown): Promise<void> {
  await sql`insert into read_model.parked (projection, stream, position, event_id, error)
    values (${projection}, ${stream}, ${String(position)}, ${eventId}, ${noted(error)}) on conflict do nothing`
}

const noted = (error: unknown) => (error instanceof Undecodable ? error.noted : kindOf(error))

/** The oldest first, at most a hundred. */
export async function listParked(sql: Sql): Promise<readonly Parked[]> {
  const rows = await sql<{ projection: string; stream: string; position: string; error: string; parked_at: Date }[]>`
    select projection, stream, position, error, parked_at from read_model.parked order by parked_at, projection, stream limit 100`
  return rows.map(({ projection, stream, position, error, parked_at }) => ({
    projection,
    stream,
    position: BigInt(position),
    error,
    parkedAt: parked_at.toISOString(),
  }))
}

/** Goes on with what an older release had to stop at, and this one can read. Answers how many streams that were. @throws as `unpark` */
export async function unparkReadable(sql: Sql, store: EventStore, codec: EventCodec, projections: readonly Projection[]): Promise<number> {
  const parked = await sql<{ projection: string; stream: string; error: string }[]>`
    select projection, stream, error from read_model.parked where error like ${newerPattern} order by position limit 1000`
  let done = 0
  for (const { projection: name, stream, error } of parked) {
    const projection = projections.find(one => one.name === name)
    const what = newerIn(error)
    if (projection && what !== undefined && codec.knows(what) && (await unpark(sql, store, codec, projection, stream))) done++
  }
  return done
}

/**
 * Takes a partition up again from the event at which it stopped, up to where its projection stands: all of it, or, where it fails again,
 * nothing.
 * @throws NotCurrent; what the projection throws; StoreUnavailable
 */
export async function unpark(sql: Sql, store: EventStore, codec: EventCodec, projection: Projection, stream: string): Promise<boolean> {
  return sql.begin(async tx => {
    const { position: standing } = await lockCheckpoint(tx, projection)
    const [row] = await tx<
      { position: string }[]
    >`delete from read_model.parked where projection = ${projection.name} and stream = ${stream} returning position`
    if (!row) return false
    const missed: Heard[] = []
    for await (const recorded of store.readStream(stream)) {
      if (recorded.position >= BigInt(row.position) && recorded.position <= standing) missed.push(hear(codec, recorded))
    }
    await applyEvents({ sql: tx, schema: 'read_model' }, projection, missed)
    return true
  })
}
