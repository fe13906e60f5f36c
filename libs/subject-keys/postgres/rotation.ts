import type { Sql } from 'postgres'
import { AdvisoryLock } from '#locks/advisory-lock'
import type { KeyProvider } from '../key-provider.js'
import { dataKeyAad, rewrapToken, wrapKey } from '../wrapping.js'
import { type EpochKeys, Epochs, addEpoch, finishDestroying } from './epochs.js'
import { type KeyRow, byteaArray, reaching, unwrapDataKey } from './key-rows.js'

const batchSize = 500
const rotationLock = 7306

/** What a rotation says while it goes on; counts are of this run. */
export type RotationStep =
  | { readonly step: 'opened'; readonly epoch: number }
  | { readonly step: 'rewrapped'; readonly keys: number; readonly tokens: number }
  | { readonly step: 'backed-up' }
  | { readonly step: 'destroyed'; readonly epoch: number }

/**
 * The back-up that proves itself before the old epoch dies: without it a damaged re-wrapping would be found too late. @throws when it
 * does not restore.
 */
export type ProvenBackup = () => Promise<void>

/**
 * Opens an epoch, wraps every data key and search token anew under it, has a back-up taken and proven, and destroys the old epochs'
 * provider keys, after which copies in dead tuples, WAL and old back-ups open nothing. Resumable after a crash at any point: what was
 * done is found done.
 * @throws SealBroken, WrongKeyProvider for a key that does not unwrap: then nothing is destroyed. KeyStoreUnavailable; LockLost;
 * AnotherRotation.
 */
export async function* rotateEpochs(
  sql: Sql,
  provider: KeyProvider,
  backup: ProvenBackup,
  signal?: AbortSignal,
): AsyncIterable<RotationStep> {
  const lock = await reaching(() => AdvisoryLock.acquire(sql, rotationLock))
  if (!lock) throw new AnotherRotation()
  try {
    yield* rotate(sql, provider, backup, signal ? AbortSignal.any([signal, lock.lost]) : lock.lost)
  } finally {
    await lock.release()
  }
}

/** Somebody else is rotating. */
export class AnotherRotation extends Error {
  constructor() {
    super('Another rotation is going on. It can be resumed when it has ended or died.')
  }
}

async function* rotate(sql: Sql, provider: KeyProvider, backup: ProvenBackup, signal: AbortSignal): AsyncIterable<RotationStep> {
  const epochs = await Epochs.start(sql, provider)
  // A rotation that was interrupted has left an older epoch behind: it is finished before a new one is begun.
  if (epochs.live.length === 1) {
    const { epoch, index } = epochs.open
    await reaching(() =>
      sql.begin(async tx => {
        // Waits for whoever is minting or reserving under this epoch.
        await tx`update vault.epoch set state = 'CLOSED' where epoch = ${epoch}`
        await addEpoch(tx, provider, epoch + 1, index)
      }),
    )
    await epochs.reload()
    yield { step: 'opened', epoch: epoch + 1 }
  }
  const to = epochs.open
  let [keys, tokens] = [0, 0]
  for (const from of epochs.live.slice(0, -1)) {
    for (let more = true; more;) {
      signal.throwIfAborted()
      const [newKeys, newTokens] = [await rewrapKeys(sql, from, to), await rewrapTokens(sql, from, to)]
      keys += newKeys
      tokens += newTokens
      more = newKeys + newTokens > 0
      yield { step: 'rewrapped', keys, tokens }
    }
  }
  await backup()
  yield { step: 'backed-up' }
  for (const { epoch } of epochs.live.slice(0, -1)) {
    signal.throwIfAborted()
    await destroy(sql, provider, epoch)
    yield { step: 'destroyed', epoch }
  }
}

async function rewrapKeys(sql: Sql, from: EpochKeys, to: EpochKeys): Promise<number> {
  return reaching(() =>
    sql.begin(async tx => {
      const rows = await tx<KeyRow[]>`
        select kid, subject, scope, generation, epoch, wrapped, kc from vault.data_key where epoch = ${from.epoch}
        order by kid limit ${batchSize} for update`
      if (rows.length === 0) return 0
      const wrapped = rows.map(row => {
        const key = unwrapDataKey(from.wrapping, row)
        try {
          return wrapKey(to.wrapping, key, dataKeyAad({ ...row, epoch: to.epoch }))
        } finally {
          key.fill(0)
        }
      })
      await tx`
      update vault.data_key k set wrapped = n.wrapped, epoch = ${to.epoch}
      from unnest(${rows.map(({ kid }) => kid)}::uuid[], ${byteaArray(wrapped)}::text::bytea[]) as n (kid, wrapped) where k.kid = n.kid`
      return rows.length
    }),
  )
}

async function rewrapTokens(sql: Sql, from: EpochKeys, to: EpochKeys): Promise<number> {
  return reaching(() =>
    sql.begin(async tx => {
      const rows = await tx<{ field: string; token: Buffer; subject: string }[]>`
        select field, token, subject from vault.blind_index where epoch = ${from.epoch}
        order by field, token, subject limit ${batchSize} for update`
      if (rows.length === 0) return 0
      const tokens = rows.map(({ token }) => rewrapToken(from.wrapping, to.wrapping, token))
      await tx`
      update vault.blind_index b set token = n.fresh, epoch = ${to.epoch}
      from unnest(${rows.map(({ field }) => field)}::text[], ${byteaArray(rows.map(({ token }) => token))}::text::bytea[],
        ${rows.map(({ subject }) => subject)}::uuid[],
        ${byteaArray(tokens)}::text::bytea[]) as n (field, token, subject, fresh)
      where b.field = n.field and b.token = n.token and b.subject = n.subject`
      return rows.length
    }),
  )
}

/**
 * With the epoch's row locked it is shown that nothing is left under it. Only then, and after that is committed, its provider key is
 * destroyed: the other way round a crash in between would leave a vault that does not start.
 */
async function destroy(sql: Sql, provider: KeyProvider, epoch: number): Promise<void> {
  await reaching(() =>
    sql.begin(async tx => {
      const [row] = await tx<
        { provider_key_id: string }[]
      >`select provider_key_id from vault.epoch where epoch = ${epoch} and state = 'CLOSED' for update`
      const [left] = await tx<{ n: number }[]>`
        select (select count(*) from vault.data_key where epoch = ${epoch})::int
          + (select count(*) from vault.blind_index where epoch = ${epoch})::int as n`
      if (!row || left?.n !== 0) throw new Error(`Epoch ${epoch} is still in use`)
      await tx`update vault.epoch set state = 'DESTROYED' where epoch = ${epoch}`
    }),
  )
  await finishDestroying(sql, provider)
}
