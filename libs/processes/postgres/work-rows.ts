import type { Sql, TransactionSql } from 'postgres'
import type { Work } from '../work.js'

/** A piece of work that somebody took: nobody else has it until its lease ends. */
export type Taken = { readonly work: Work; readonly attempts: number }

/** Work that another worker took and did not finish is free again after this long. */
const leaseSeconds = 15

/** Begins a piece of work. The same work is begun once. */
export async function beginWork(sql: TransactionSql, process: string, { workId, stream, sourceEventId }: Work): Promise<void> {
  await sql`insert into process.work (process, work_id, stream, source_event_id, state)
    values (${process}, ${workId}, ${stream}, ${sourceEventId}, 'WAITING') on conflict do nothing`
}

/** What has been due for longest, if anything is. */
export async function takeWork(sql: Sql, process: string): Promise<Taken | undefined> {
  const [row] = await sql<
    { work_id: string; stream: string; source_event_id: string; attempts: number }[]
  >`update process.work set due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds}), attempts = attempts + 1
      where (process, work_id) = (
        select process, work_id from process.work where process = ${process} and state = 'WAITING' and due_at <= clock_timestamp()
          order by due_at limit 1 for update skip locked
      ) returning work_id, stream, source_event_id, attempts`
  return row && { work: { workId: row.work_id, stream: row.stream, sourceEventId: row.source_event_id }, attempts: row.attempts }
}

export async function workDone(sql: Sql, process: string, { workId }: Work): Promise<void> {
  await sql`update process.work set state = 'DONE', last_error = null where process = ${process} and work_id = ${workId}`
}

/** It is due again after a while; `error` is the kind of what was in its way. */
export async function workLater(sql: Sql, process: string, { workId }: Work, afterMs: number, error: string): Promise<void> {
  await sql`update process.work set due_at = clock_timestamp() + make_interval(secs => ${afterMs / 1_000}), last_error = ${error}
    where process = ${process} and work_id = ${workId}`
}
