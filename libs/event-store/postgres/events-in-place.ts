import type { Sql } from 'postgres'
import { EventsOutOfPlace } from '../out-of-place.js'
import { isInPlace } from './migrations/0004-between-first-and-last.js'

const most = 100

/** Before the constraint forbids such events: a database does not say which row is in its way. @throws EventsOutOfPlace */
export async function assertEventsInPlace(sql: Sql): Promise<void> {
  const [found] = await sql<{ there: boolean }[]>`select to_regclass('event_store.event') is not null as there`
  if (!found?.there) return
  const rows = await sql<{ id: string; position: string }[]>`
    select id, position from event_store.event where not (${sql.unsafe(isInPlace)}) order by position limit ${most}`
  if (rows.length > 0) throw new EventsOutOfPlace(rows.map(({ id, position }) => ({ id, position: BigInt(position) })))
}
