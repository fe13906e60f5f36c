import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Sql, TransactionSql } from 'postgres'
import type { KeyProvider } from '../key-provider.js'
import { WrongKeyProvider } from '../subject-keys.js'
import { unwrapKey, wrapKey } from '../wrapping.js'
import { type KeyRow, reaching } from './key-rows.js'

const epochsMoved = 'CLE01'
const deadlock = '40P01'

/**
 * The local keys of a live epoch, unwrapped once per process. After a restore another epoch may stand under its number: the provider's
 * key tells them apart.
 */
export type EpochKeys = { readonly epoch: number; readonly providerKeyId: string; readonly wrapping: Buffer; readonly index: Buffer }

export type EpochRow = { epoch: number; provider_key_id: string; wrapped_key: Buffer; wrapped_index_key: Buffer; canary: Buffer }
const canaryText = 'caseledger-epoch-canary-v1'

/**
 * The epochs of a vault that are not destroyed, oldest first; the newest is open, and new keys are wrapped under it. While a rotation
 * runs there are two. A process learns of a rotation when the database tells it that its list is out of date.
 */
export class Epochs {
  #live: readonly EpochKeys[] = []

  private constructor(
    private readonly sql: Sql,
    private readonly provider: KeyProvider,
  ) {}

  /**
   * Makes the first epoch with the vault. @throws WrongKeyProvider when the key folder is not the one this vault was made with: never
   * read as an erasure.
   */
  static async start(sql: Sql, provider: KeyProvider): Promise<Epochs> {
    const epochs = new Epochs(sql, provider)
    await finishDestroying(sql, provider)
    await epochs.reload()
    if (epochs.#live.length === 0) {
      const index = randomBytes(32)
      await addEpoch(sql, provider, 1, index).catch((error: unknown) => {
        if (!isDuplicate(error)) throw error
      })
      await epochs.reload()
    }
    return epochs
  }

  get live(): readonly EpochKeys[] {
    return this.#live
  }
  get numbers(): readonly number[] {
    return this.#live.map(({ epoch }) => epoch)
  }
  get providerKeys(): string[] {
    return this.#live.map(({ providerKeyId }) => providerKeyId)
  }
  get open(): EpochKeys {
    const open = this.#live.at(-1)
    if (!open) throw new WrongKeyProvider('the vault has no open epoch')
    return open
  }

  /** @throws WrongKeyProvider for an epoch that is gone or was never here. */
  of(epoch: number): EpochKeys {
    const found = this.#live.find(one => one.epoch === epoch)
    if (!found) throw new WrongKeyProvider(`epoch ${epoch} is not among the vault’s`)
    return found
  }

  /** Every live epoch. @throws WrongKeyProvider */
  async reload(): Promise<void> {
    const rows = await this.sql<
      EpochRow[]
    >`select epoch, provider_key_id, wrapped_key, wrapped_index_key, canary from vault.epoch where state <> 'DESTROYED' order by epoch`
    const live = await Promise.all(
      rows.map(
        async row =>
          this.#live.find(({ epoch, providerKeyId }) => epoch === row.epoch && providerKeyId === row.provider_key_id)
          ?? (await this.#unwrap(row)),
      ),
    )
    this.#live = live.filter(one => one !== undefined)
  }

  /** Asks again with the epochs as they are now, when a rotation went on meanwhile, or the two got into each other’s way. */
  async knowing<T>(ask: () => Promise<T>): Promise<T> {
    for (let left = 3; ; left--) {
      try {
        return await ask()
      } catch (error) {
        const { code } = (error ?? {}) as { code?: unknown }
        if ((code !== epochsMoved && code !== deadlock) || left === 0)
          return reaching(() => Promise.reject(error instanceof Error ? error : new Error('it failed')))
        await reaching(() => this.reload())
      }
    }
  }

  /** That each row’s epoch is among those that are known here, where the vault has it. */
  async knowThoseOf(rows: readonly Pick<KeyRow, 'epoch'>[]) {
    if (rows.some(({ epoch }) => !this.numbers.includes(epoch))) await reaching(() => this.reload())
  }

  /**
   * A back-up that was taken during a rotation holds the epoch that the rotation went on to destroy: if nothing is left under it, its
   * missing key is no loss.
   */
  async #unwrap(row: EpochRow): Promise<EpochKeys | undefined> {
    try {
      return await unwrapEpoch(row, this.provider)
    } catch (error) {
      if (!(error instanceof WrongKeyProvider)) throw error
      const gone = await this.sql`
        update vault.epoch e set state = 'DESTROYED' where epoch = ${row.epoch} and state = 'CLOSED'
          and not exists (select from vault.data_key k where k.epoch = e.epoch)
          and not exists (select from vault.blind_index b where b.epoch = e.epoch) returning epoch`
      if (gone.length === 0) throw error
      return undefined
    }
  }
}

/** Adds an open epoch with a provider key of its own. The index key goes from epoch to epoch: tokens stay comparable. */
export async function addEpoch(sql: Sql | TransactionSql, provider: KeyProvider, epoch: number, index: Buffer): Promise<void> {
  const providerKeyId = await provider.create()
  const wrapping = randomBytes(32)
  const made = {
    epoch,
    provider_key_id: providerKeyId,
    wrapped_key: await provider.wrap(providerKeyId, wrapping),
    wrapped_index_key: wrapKey(wrapping, index, `index|${epoch}`),
    canary: canaryUnder(wrapping),
  }
  try {
    await sql`insert into vault.epoch ${sql({ ...made, state: 'OPEN' })}`
  } catch (error) {
    await provider.destroy(providerKeyId)
    throw error
  }
}

/** Destroys the provider keys of epochs under which nothing is left, also after a crash in the middle of that. */
export async function finishDestroying(sql: Sql, provider: KeyProvider): Promise<void> {
  const rows = await sql<
    { epoch: number; provider_key_id: string }[]
  >`select epoch, provider_key_id from vault.epoch where state = 'DESTROYED' and destroyed_at is null`
  for (const { epoch, provider_key_id: keyId } of rows) {
    await provider.destroy(keyId)
    await sql`update vault.epoch set destroyed_at = clock_timestamp() where epoch = ${epoch}`
  }
}

const isDuplicate = (error: unknown) => (error as { code?: unknown } | null)?.code === '23505'

/** @throws WrongKeyProvider */
export async function unwrapEpoch(row: EpochRow, provider: KeyProvider): Promise<EpochKeys> {
  const wrapping = await provider.unwrap(row.provider_key_id, row.wrapped_key)
  assertCanary(wrapping, row.canary)
  return {
    epoch: row.epoch,
    providerKeyId: row.provider_key_id,
    wrapping,
    index: unwrapKey(wrapping, row.wrapped_index_key, `index|${row.epoch}`),
  }
}

function canaryUnder(wrapping: Buffer) {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', wrapping, iv)
  return Buffer.concat([iv, cipher.update(canaryText), cipher.final(), cipher.getAuthTag()])
}

function assertCanary(wrapping: Buffer, canary: Buffer) {
  try {
    const decipher = createDecipheriv('aes-256-gcm', wrapping, canary.subarray(0, 12), { authTagLength: 16 }).setAuthTag(
      canary.subarray(-16),
    )
    const text = Buffer.concat([decipher.update(canary.subarray(12, -16)), decipher.final()]).toString()
    if (text === canaryText) return
  } catch {
    /* answered below */
  }
  throw new WrongKeyProvider('its canary does not open')
}
