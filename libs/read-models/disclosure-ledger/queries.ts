import type { Sql } from 'postgres'

/** The event by which a disclosure was put on record: undefined where nothing was to be shared. */
export async function sharedBy(sql: Sql, disclosureId: string): Promise<string | undefined> {
  const [row] = await sql<{ event_id: string }[]>`
    select event_id from read_model.disclosure_ledger where disclosure_id = ${disclosureId} and item_count is not null`
  return row?.event_id
}
