import type { Sql } from 'postgres'

export type ReferralRow = {
  readonly subject_ref: string
  readonly referral_id: string
  readonly source: string
  readonly channel: string
  readonly service_area: string
  readonly received_at: Date
  readonly wish: string
  readonly state: string
  readonly eligibility: string | null
  readonly position: string
}
export type ReferralFilter = {
  readonly state?: string | undefined
  readonly source?: string | undefined
  readonly after?: bigint | undefined
  readonly limit: number
}

/** Catalogue §1.6: what the referral has come to, from the wish, the evidence and what ended it. */
const stateOf = (sql: Sql) => sql`case
  when state in ('DECLINED', 'ERASED') then state
  when eligibility = 'REFUSED' then 'INELIGIBLE'
  when wish = 'YES' and eligibility = 'CONFIRMED' then 'ELIGIBLE'
  else state end`

export const findReferrals = (sql: Sql, { state, source, after, limit }: ReferralFilter): Promise<readonly ReferralRow[]> =>
  sql<ReferralRow[]>`select *, ${stateOf(sql)} as state from read_model.referral_queue where true
    ${state === undefined ? sql`` : sql`and ${stateOf(sql)} = ${state}`}
    ${source === undefined ? sql`` : sql`and source = ${source}`}
    ${after === undefined ? sql`` : sql`and position > ${after.toString()}`}
    order by position limit ${limit}`
