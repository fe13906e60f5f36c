import type { Sql, TransactionSql } from 'postgres'
import type { Heard } from '#projections/hear'

/**
 * An event that a process could not decode: where it is, and the kind of error; never what was in it. What it would have begun waits for
 * a version that can.
 */
export type Unread = {
  readonly process: string
  readonly stream: string
  readonly position: bigint
  readonly eventId: string
  readonly error: string
  readonly since: string
}

export async function putAside(
  sql: TransactionSql,
  process: string,
  { position, eventId, stream, undecodable = 'unknown' }: Heard,
): Promise<void> {
  await sql`insert into process.unread (process, position, event_id, stream, error)
    values (${process}, ${String(position)}, ${eventId}, ${stream}, ${undecodable}) on conflict do nothing`
}

/** The oldest first, at most a hundred at a time; of one process, and after a position, where they are given. */
export async function listUnread(sql: Sql, process?: string, after = 0n): Promise<readonly Unread[]> {
  const rows = await sql<{ process: string; stream: string; position: string; event_id: string; error: string; since: Date }[]>`
    select process, stream, position, event_id, error, since from process.unread where position > ${String(after)}
      and ${process === undefined ? sql`true` : sql`process = ${process}`} order by position, process limit 100`
  return rows.map(({ position, event_id: eventId, since, ...rest }) => ({
    ...rest,
    position: BigInt(position),
    eventId,
    since: since.toISOString(),
  }))
}

/** How many events each process has put aside, where there are any. */
export async function countUnread(sql: Sql): Promise<readonly { readonly process: string; readonly events: number }[]> {
  return sql<
    { process: string; events: number }[]
  >`select process, count(*)::int as events from process.unread group by process order by process`
}
