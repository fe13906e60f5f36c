import type { Sql } from 'postgres'
import type { Sealed } from '#kernel/personal'

export type BreachRow = {
  readonly breach_id: string
  readonly state: string
  readonly kind: string
  readonly discovered_at: Date
  readonly aware_at: Date | null
  readonly target: Date | null
  readonly due_limit: Date | null
  readonly affected: readonly string[]
  readonly approx_people: number | null
  readonly approx_records: number | null
  readonly categories: readonly string[]
  readonly summary: Sealed | null
  readonly reported_by: string
  readonly reported_at: Date
  readonly position: string
}

export async function findBreach(sql: Sql, breachId: string): Promise<BreachRow | undefined> {
  const [row] = await sql<BreachRow[]>`select * from read_model.breach_register where breach_id = ${breachId}`
  return row
}

export const findBreaches = (
  sql: Sql,
  { state, after, limit }: { readonly state?: string | undefined; readonly after?: bigint | undefined; readonly limit: number },
): Promise<readonly BreachRow[]> =>
  sql<BreachRow[]>`select * from read_model.breach_register where true
    ${state === undefined ? sql`` : sql`and state = ${state}`}
    ${after === undefined ? sql`` : sql`and position > ${after.toString()}`}
    order by position limit ${limit}`
