import type { Sql } from 'postgres'
import type { JsonObject } from '#kernel/json'
import type { Sealed } from '#kernel/personal'

export type LedgerRow = {
  readonly disclosure_id: string
  readonly subject_ref: string
  readonly state: string
  readonly recipient: string
  readonly recipient_name: string | null
  readonly direction: string
  readonly purpose: string
  readonly art6: string
  readonly art9: string | null
  readonly sch1: string | null
  readonly provision: string | null
  readonly consent_event_id: string | null
  readonly consent_form_version: string | null
  readonly confidentiality_basis: string
  readonly categories: readonly string[]
  readonly fields: readonly string[]
  readonly item_count: number | null
  readonly sealed_digest: string | null
  readonly necessity: Sealed | null
  readonly recipient_contact: Sealed | null
  readonly order_reference: Sealed | null
  readonly notification: JsonObject
  readonly urgency: string
  readonly review_items: readonly string[]
  readonly method: string
  readonly destination_country: string | null
  readonly matrix_version: string
  readonly requested_by: string
  readonly requested_at: Date
  readonly authorised_by: string | null
  readonly authorised_role: string | null
  readonly authorised_at: Date | null
  readonly sent_at: Date | null
  readonly dispatched_at: Date | null
  readonly transport: string | null
  readonly cancelled_because: string | null
  readonly event_id: string
  readonly position: string
}
export type LedgerFilter = {
  readonly subjectRef?: string | undefined
  readonly recipient?: string | undefined
  readonly basis?: string | undefined
  readonly state?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly after?: bigint | undefined
  readonly limit: number
}

/** The event by which a disclosure was made: undefined where nothing was shared. */
export async function sharedBy(sql: Sql, disclosureId: string): Promise<string | undefined> {
  const [row] = await sql<
    { event_id: string }[]
  >`select event_id from read_model.disclosure_ledger where disclosure_id = ${disclosureId} and sent_at is not null`
  return row?.event_id
}

/**
 * Disclosures in log order. `basis` is an Article 6 letter; `from` and `to` bound the time of sending, or of the request where nothing
 * was sent.
 */
export function findDisclosures(
  sql: Sql,
  { subjectRef, recipient, basis, state, from, to, after, limit }: LedgerFilter,
): Promise<readonly LedgerRow[]> {
  const time = sql`coalesce(sent_at, requested_at)`
  return sql<LedgerRow[]>`select * from read_model.disclosure_ledger where true
    ${subjectRef === undefined ? sql`` : sql`and subject_ref = ${subjectRef}`}
    ${recipient === undefined ? sql`` : sql`and recipient = ${recipient}`}
    ${basis === undefined ? sql`` : sql`and art6 = ${basis}`}
    ${state === undefined ? sql`` : sql`and state = ${state}`}
    ${from === undefined ? sql`` : sql`and ${time} >= ${from}`}
    ${to === undefined ? sql`` : sql`and ${time} < ${to}`}
    ${after === undefined ? sql`` : sql`and position > ${after.toString()}`}
    order by position limit ${limit}`
}
