import type { Sql } from 'postgres'

export type ErasureRequestRow = {
  readonly request_id: string
  readonly subject_ref: string
  readonly state: string
  readonly channel: string
  readonly grounds: string
  readonly regime: string
  readonly received_at: Date
  readonly due: string
  readonly position: string
}

export const findErasureRequests = (
  sql: Sql,
  { state, after, limit }: { readonly state?: string | undefined; readonly after?: bigint | undefined; readonly limit: number },
): Promise<readonly ErasureRequestRow[]> =>
  sql<ErasureRequestRow[]>`select * from read_model.erasure_request where true
    ${state === undefined ? sql`` : sql`and state = ${state}`}
    ${after === undefined ? sql`` : sql`and position > ${after.toString()}`}
    order by position limit ${limit}`
