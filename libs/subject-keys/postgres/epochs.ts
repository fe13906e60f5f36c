import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Sql } from 'postgres'
import type { KeyProvider } from '../key-provider.js'
import { WrongKeyProvider } from '../subject-keys.js'
import { unwrapKey, wrapKey } from '../wrapping.js'

/** The local keys of the open epoch, unwrapped once per process. */
export type EpochKeys = { readonly epoch: number; readonly wrapping: Buffer; readonly index: Buffer }

type EpochRow = { epoch: number; provider_key_id: string; wrapped_key: Buffer; wrapped_index_key: Buffer; canary: Buffer }
const canaryText = 'caseledger-epoch-canary-v1'

/**
 * The open epoch; the first one is made with the vault. @throws WrongKeyProvider when the key folder is not the one this vault was made
 * with: a wrong or missing key fails at start and is never read as an erasure.
 */
export async function openEpoch(sql: Sql, provider: KeyProvider): Promise<EpochKeys> {
  const found = await readOpenEpoch(sql)
  if (found) return unwrapEpoch(found, provider)
  const providerKeyId = await provider.create()
  const wrapping = randomBytes(32)
  const made = {
    epoch: 1, provider_key_id: providerKeyId, wrapped_key: await provider.wrap(providerKeyId, wrapping),
    wrapped_index_key: wrapKey(wrapping, randomBytes(32), 'index|1'), canary: canaryUnder(wrapping),
  }
  const inserted = await sql`insert into vault.epoch ${sql({ ...made, state: 'OPEN' })} on conflict do nothing returning epoch`
  if (inserted.length === 0) await provider.destroy(providerKeyId)
  const row = await readOpenEpoch(sql)
  if (!row) throw new WrongKeyProvider('the vault has no open epoch')
  return unwrapEpoch(row, provider)
}

async function readOpenEpoch(sql: Sql): Promise<EpochRow | undefined> {
  const [row] = await sql<EpochRow[]>`select epoch, provider_key_id, wrapped_key, wrapped_index_key, canary from vault.epoch where state = 'OPEN'`
  return row
}

async function unwrapEpoch(row: EpochRow, provider: KeyProvider): Promise<EpochKeys> {
  const wrapping = await provider.unwrap(row.provider_key_id, row.wrapped_key)
  assertCanary(wrapping, row.canary)
  return { epoch: row.epoch, wrapping, index: unwrapKey(wrapping, row.wrapped_index_key, `index|${row.epoch}`) }
}

function canaryUnder(wrapping: Buffer) {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', wrapping, iv)
  return Buffer.concat([iv, cipher.update(canaryText), cipher.final(), cipher.getAuthTag()])
}

function assertCanary(wrapping: Buffer, canary: Buffer) {
  try {
    const decipher = createDecipheriv('aes-256-gcm', wrapping, canary.subarray(0, 12), { authTagLength: 16 }).setAuthTag(canary.subarray(-16))
    const text = Buffer.concat([decipher.update(canary.subarray(12, -16)), decipher.final()]).toString()
    if (text === canaryText) return
  } catch { /* answered below */ }
  throw new WrongKeyProvider('its canary does not open')
}
