import type { Sql } from 'postgres'
import { reaching } from './key-rows.js'

/** Where a log is kept, as far as it does not change when a server moves. */
export type LogPlace = { readonly store: string; readonly namespace: string | undefined }
/** Which vault this is, once it has a name, and, once it was bound, to which log it belongs and where that is. */
export type VaultMark = { readonly vaultId: string | undefined; readonly log: (LogPlace & { readonly logId: string }) | undefined }

type Row = { vault_id: string | null; log_id: string | null; store: string | null; namespace: string | null }

/** @throws KeyStoreUnavailable */
export async function markOf(sql: Sql): Promise<VaultMark> {
  const [row] = await reaching(() => sql<Row[]>`select * from vault.mark`)
  if (!row) throw new Error('The vault has no mark: its back-up was restored by half')
  const { vault_id: vaultId, log_id: logId, store, namespace } = row
  return {
    vaultId: vaultId ?? undefined,
    log: logId === null || store === null ? undefined : { logId, store, namespace: namespace ?? undefined },
  }
}

/**
 * The vault's name, from here on, where it has none. It is not made with the tables: a database may be a copy of another. @throws
 * KeyStoreUnavailable
 */
export async function nameOf(sql: Sql): Promise<string> {
  const [row] = await reaching(
    () => sql<{ vault_id: string }[]>`update vault.mark set vault_id = coalesce(vault_id, gen_random_uuid()) returning vault_id`,
  )
  if (!row) throw new Error('The vault has no mark: its back-up was restored by half')
  return row.vault_id
}

/** The vault belongs to this log from here on. @throws KeyStoreUnavailable */
export async function setMark(
  sql: Sql,
  vaultId: string,
  { logId, store, namespace }: LogPlace & { readonly logId: string },
): Promise<void> {
  await reaching(
    () =>
      sql`
        update vault.mark set vault_id = ${vaultId}, log_id = ${logId}, store = ${store}, namespace = ${namespace ?? null},
          bound_at = clock_timestamp()`,
  )
}

/** Which of these keys the vault holds, or has destroyed. @throws KeyStoreUnavailable */
export async function knownKeys(sql: Sql, kids: readonly string[]): Promise<number> {
  const [row] = await reaching(
    () => sql<{ n: number }[]>`
    select count(*)::int as n from unnest(${[...kids]}::uuid[]) as a (kid)
    where exists (select from vault.data_key k where k.kid = a.kid) or exists (select from vault.destroyed_key d where d.kid = a.kid)`,
  )
  return row?.n ?? 0
}

/** Whether no key was ever made here, and how far the vault heard a log, if it did. @throws KeyStoreUnavailable */
export async function pastOf(
  sql: Sql,
): Promise<{ readonly keyless: boolean; readonly heard: { readonly position: bigint; readonly eventId: string } | undefined }> {
  const [row] = await reaching(
    () => sql<{ keyed: boolean; position: string | null; event_id: string | null }[]>`
    select exists (select from vault.data_key) or exists (select from vault.destroyed_key) as keyed, g.position, g.event_id
    from (select) one left join vault.gate g on true`,
  )
  const { keyed = false, position = null, event_id: eventId = null } = row ?? {}
  return { keyless: !keyed, heard: position === null || eventId === null ? undefined : { position: BigInt(position), eventId } }
}
