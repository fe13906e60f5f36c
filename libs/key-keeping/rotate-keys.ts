import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type RotationStep, rotateEpochs } from '#subject-keys/postgres/rotation'
import { backUpVault, proveBackup } from '#subject-keys/postgres/vault-backup'
import type { Backend } from '#backend/backend'
import type { DataDir } from '#hosting/data-dir'

const day = 86_400_000

/** Where a back-up of the vault made now goes. */
export function backupFile(dir: DataDir, now: string): string {
  mkdirSync(dir.backups, { recursive: true, mode: 0o700 })
  return join(dir.backups, `vault-${now.replace(/[-:]/g, '').replace(/\.\d+/, '')}.jsonl`)
}

/** Opens the next epoch, and destroys the one before once everything is wrapped anew and a back-up of it has been proven. Resumable. */
export function rotateKeys(
  { vault, clock }: Pick<Backend, 'vault' | 'clock'>,
  dir: DataDir,
  signal?: AbortSignal,
): AsyncIterable<RotationStep> {
  return rotateEpochs(
    vault.sql,
    vault.provider,
    async () => {
      const file = backupFile(dir, clock.now())
      await backUpVault(vault.sql, file, clock.now())
      await proveBackup(file, vault.provider)
    },
    signal,
  )
}

/**
 * When the newest epoch is to be gone: what is destroyed today may be wrapped under it in older copies, also while a rotation is under
 * way.
 */
export async function copiesUnreadableBy({ vault }: Pick<Backend, 'vault'>, days: number): Promise<string> {
  const [row] = await vault.sql<{ opened_at: Date }[]>`select max(opened_at) as opened_at from vault.epoch where state <> 'DESTROYED'`
  return new Date((row?.opened_at.getTime() ?? 0) + days * day).toISOString()
}

/** When the open epoch is to be followed by the next: from then on no copy made before opens what was erased before. */
export async function rotationDue({ vault }: Pick<Backend, 'vault'>, days: number): Promise<string> {
  const [row] = await vault.sql<{ opened_at: Date }[]>`select min(opened_at) as opened_at from vault.epoch where state <> 'DESTROYED'`
  return new Date((row?.opened_at.getTime() ?? 0) + days * day).toISOString()
}

/**
 * What a rotation would wrap anew, and which epochs it would destroy: where an earlier one was interrupted, what is left of that. Changes
 * nothing.
 */
export async function rotationAhead({
  vault,
}: Pick<Backend, 'vault'>): Promise<{ readonly keys: number; readonly tokens: number; readonly epochs: readonly number[] }> {
  const [row] = await vault.sql<{ keys: number; tokens: number; epochs: number[] }[]>`
    with live as (select epoch, max(epoch) over () as newest, count(*) over () as many from vault.epoch where state <> 'DESTROYED'),
      old as (select epoch from live where many = 1 or epoch < newest)
    select (select count(*)::int from vault.data_key where epoch in (select epoch from old)) as keys,
      (select count(*)::int from vault.blind_index where epoch in (select epoch from old)) as tokens,
      array(select epoch from old order by epoch) as epochs`
  return row ?? { keys: 0, tokens: 0, epochs: [] }
}
