import type { Sql, TransactionSql } from 'postgres'

/** Where a projection stands. `eventId` is undefined before its first event. */
export type Checkpoint = { readonly position: bigint; readonly eventId: string | undefined }
type Row = { position: string; event_id: string | null }
const start: Checkpoint = { position: 0n, eventId: undefined }
const checkpointOf = (row: Row | undefined): Checkpoint =>
  row ? { position: BigInt(row.position), eventId: row.event_id ?? undefined } : start

export async function readCheckpoint(sql: Sql, projection: string): Promise<Checkpoint> {
  const [row] = await sql<Row[]>`select position, event_id from read_model.checkpoint where projection = ${projection}`
  return checkpointOf(row)
}

/** Whoever holds it moves it: a second runner waits, and then sees where the first one went. */
export async function lockCheckpoint(sql: TransactionSql, projection: string): Promise<Checkpoint> {
  await sql`insert into read_model.checkpoint (projection, position) values (${projection}, 0) on conflict do nothing`
  const [row] = await sql<Row[]>`select position, event_id from read_model.checkpoint where projection = ${projection} for update`
  return checkpointOf(row)
}

export async function moveCheckpoint(
  sql: TransactionSql,
  projection: string,
  { position, eventId }: { readonly position: bigint; readonly eventId: string | undefined },
) {
  await sql`update read_model.checkpoint set position = ${String(position)}, event_id = ${eventId ?? null}, moved_at = clock_timestamp() where projection = ${projection}`
}
