import { randomBytes, randomUUID } from 'node:crypto'
import type { Sql } from 'postgres'
import type { Scope } from '#event-kit/scope'
import type { Sealed } from '#kernel/personal'
import { assertDeclared, keyCommitment, openUnderAny, openValue, sealValue } from '../envelope.js'
import type { KeyProvider } from '../key-provider.js'
import {
  type BlindIndex, type Fence, type IndexEntry, type IndexMatch, KeyMissing, KeyStoreUnavailable, type Opened, SealBroken, SubjectErased,
  type SubjectKeys, type ToOpen, type ToSeal, WrongKeyProvider,
} from '../subject-keys.js'
import { indexToken, unwrapKey, wrapKey } from '../wrapping.js'
import { type EpochKeys, openEpoch } from './epochs.js'

type KeyRow = { kid: string; subject: string; scope: Scope; generation: number; epoch: number; wrapped: Buffer; kc: string }
/** The client cannot send a list of byte strings; this is its text form. */
const byteaArray = (values: readonly Buffer[]) => `{${values.map(value => `"\\\\x${value.toString('hex')}"`).join(',')}}`

type Slot = { readonly subject: string; readonly scope: Scope }
const slotOf = ({ subject, scope }: Slot) => `${subject}|${scope}`
const wrapAad = (row: Pick<KeyRow, 'kid' | 'subject' | 'scope' | 'epoch'>) => `dek-v1|${row.kid}|${row.subject}|${row.scope}|${row.epoch}`

/** The vault in PostgreSQL, in a schema and under a role of its own. Keys are read per request; none is cached, so none outlives its row. */
export class PostgresSubjectKeys implements SubjectKeys, BlindIndex {
  private constructor(private readonly sql: Sql, private readonly keys: EpochKeys) {}

  /** @throws WrongKeyProvider, KeyStoreUnavailable */
  static async start(sql: Sql, provider: KeyProvider): Promise<PostgresSubjectKeys> {
    return new PostgresSubjectKeys(sql, await reaching(() => openEpoch(sql, provider)))
  }

  async seal(values: readonly ToSeal[]) {
    const slots = [...new Map(values.map(value => [slotOf(value), value])).values()]
    const rows = await this.#keysFor(slots)
    const unwrapped = new Map([...rows].map(([slot, row]) => [slot, this.#unwrap(row)]))
    try {
      const sealed = values.map(value => {
        const row = rows.get(slotOf(value)) as KeyRow
        return sealValue(unwrapped.get(slotOf(value)) as Buffer, row.kid, value.subject, value.scope, value.at, value.plaintext)
      })
      return { sealed, keys: [...rows.values()].map(({ kid, subject, scope, generation, kc }) => ({ kid, subject, scope, generation, kc })) }
    } finally { for (const key of unwrapped.values()) key.fill(0) }
  }

  async open(values: readonly ToOpen[]): Promise<readonly Opened[]> {
    if (values.length === 0) return []
    for (const { sealed, declared } of values) assertDeclared(sealed, declared)
    const kids = [...new Set(values.map(({ sealed }) => sealed.kid))]
    const [keys, destroyed] = await reaching(() => Promise.all([
      this.sql<KeyRow[]>`select kid, subject, scope, generation, epoch, wrapped, kc from vault.data_key where kid = any (${kids}::uuid[])`,
      this.sql<{ kid: string; subject: string }[]>`select kid, subject from vault.destroyed_key where kid = any (${kids}::uuid[])`,
    ]))
    const live = new Map(keys.map(row => [row.kid, { row, key: this.#unwrap(row) }]))
    const gone = new Set(destroyed.map(({ kid, subject }) => `${subject}|${kid}`))
    try {
      return values.map(({ subject, sealed }) => {
        const found = live.get(sealed.kid)
        if (!found) {
          if (gone.has(`${subject}|${sealed.kid}`)) return 'erased'
          throw new KeyMissing(sealed.kid)
        }
        if (found.row.subject !== subject) throw new SealBroken(sealed.at)
        return { known: openValue(found.key, subject, found.row.scope, sealed) }
      })
    } finally { for (const { key } of live.values()) key.fill(0) }
  }

  async close({ subject, scopes, kids, fenceEventId }: Fence) {
    const rows = await reaching(() => this.sql<{ kid: string }[]>`
      select kid from vault.close(${subject}::uuid, ${[...scopes]}::text[], ${[...kids]}::uuid[], ${fenceEventId}::uuid) as kid`)
    return rows.map(({ kid }) => kid)
  }

  async remaining(subject: string, kids: readonly string[], scopes: readonly Scope[]) {
    const [row] = await reaching(() => this.sql<{ keys: number; rows: number }[]>`
      select
        (select count(*)::int from vault.data_key where subject = ${subject}::uuid and (scope = any (${[...scopes]}::text[]) or kid = any (${[...kids]}::uuid[]))) as keys,
        (select count(*)::int from vault.blind_index where subject = ${subject}::uuid and scope = any (${[...scopes]}::text[])) as rows`)
    return { keys: row?.keys ?? 0, indexRows: row?.rows ?? 0 }
  }

  async probe(subject: string, sealed: readonly Sealed[]) {
    const rows = await reaching(() => this.sql<KeyRow[]>`select kid, subject, scope, generation, epoch, wrapped, kc from vault.data_key where subject = ${subject}::uuid`)
    return openUnderAny(sealed, subject, rows.map(row => ({ bytes: this.#unwrap(row), scope: row.scope })))
  }

  async reserve(commandId: string, subject: string, entries: readonly IndexEntry[]): Promise<readonly IndexMatch[]> {
    if (entries.length === 0) return []
    const rows = await reaching(() => this.sql<{ subject: string; field: IndexEntry['field']; reserved_at: Date; closed: Scope | null }[]>`
      select * from vault.reserve(${commandId}::uuid, ${subject}::uuid, ${entries.map(({ field }) => field)}::text[],
        ${byteaArray(entries.map(entry => this.#token(entry)))}::text::bytea[], ${entries.map(({ scope }) => scope)}::text[])`)
    const closed = rows.find(row => row.closed !== null)
    if (closed?.closed) throw new SubjectErased(closed.closed)
    return rows.map(row => ({ subject: row.subject, field: row.field, reservedAt: row.reserved_at.toISOString() }))
  }

  async release(commandId: string) {
    await reaching(() => this.sql`delete from vault.blind_index where command_id = ${commandId}::uuid`)
  }

  async find(entry: Pick<IndexEntry, 'field' | 'value'>): Promise<readonly IndexMatch[]> {
    const rows = await reaching(() => this.sql<{ subject: string; reserved_at: Date }[]>`
      select subject, reserved_at from vault.blind_index where field = ${entry.field} and token = ${this.#token(entry)} order by reserved_at limit 50`)
    return rows.map(row => ({ subject: row.subject, field: entry.field, reservedAt: row.reserved_at.toISOString() }))
  }

  async sweep(from: string, to: string, exists: (subject: string) => Promise<boolean>) {
    const reserved = await reaching(() => this.sql<{ subject: string }[]>`select distinct subject from vault.blind_index where reserved_at >= ${from} and reserved_at < ${to}`)
    let swept = 0
    for (const { subject } of reserved) {
      if (await exists(subject)) continue
      await reaching(() => this.sql`delete from vault.blind_index where subject = ${subject}::uuid and reserved_at < ${to}`)
      swept++
    }
    return swept
  }

  #token({ field, value }: Pick<IndexEntry, 'field' | 'value'>) { return indexToken(this.keys.wrapping, this.keys.index, field, value) }

  /** The current key of each slot; minted where there is none. @throws SubjectErased */
  async #keysFor(slots: readonly Slot[]): Promise<ReadonlyMap<string, KeyRow>> {
    const subjects = slots.map(({ subject }) => subject)
    const scopes = slots.map(({ scope }) => scope)
    const rows = await reaching(() => this.sql<KeyRow[]>`
      select distinct on (k.subject, k.scope) k.kid, k.subject, k.scope, k.generation, k.epoch, k.wrapped, k.kc from vault.data_key k
      join unnest(${subjects}::uuid[], ${scopes}::text[]) as n (subject, scope) on k.subject = n.subject and k.scope = n.scope
      where not exists (select from vault.closed_scope c where c.subject = k.subject and c.scope = k.scope)
      order by k.subject, k.scope, k.generation desc`)
    const found = new Map(rows.map(row => [slotOf(row), row]))
    const missing = slots.filter(slot => !found.has(slotOf(slot)))
    if (missing.length > 0) for (const row of await this.#mint(missing)) found.set(slotOf(row), row)
    for (const slot of slots) if (!found.has(slotOf(slot))) throw new SubjectErased(slot.scope)
    return found
  }

  async #mint(slots: readonly Slot[]): Promise<readonly KeyRow[]> {
    const { epoch } = this.keys
    const minted = slots.map(slot => {
      const key = randomBytes(32)
      const kid = randomUUID()
      const row = { kid, wrapped: wrapKey(this.keys.wrapping, key, wrapAad({ kid, ...slot, epoch })), kc: keyCommitment(key) }
      key.fill(0)
      return row
    })
    return reaching(() => this.sql<KeyRow[]>`
      select * from vault.mint(${minted.map(row => row.kid)}::uuid[], ${slots.map(slot => slot.subject)}::uuid[], ${slots.map(slot => slot.scope)}::text[],
        ${epoch}, ${byteaArray(minted.map(row => row.wrapped))}::text::bytea[], ${minted.map(row => row.kc)}::text[])`)
  }

  /** @throws WrongKeyProvider when a row was tampered with or wrapped under another key. */
  #unwrap(row: KeyRow): Buffer {
    let key: Buffer
    try { key = unwrapKey(this.keys.wrapping, row.wrapped, wrapAad(row)) } catch { throw new SealBroken(`data key ${row.kid}`) }
    if (keyCommitment(key) !== row.kc) throw new WrongKeyProvider(`the commitment of data key ${row.kid} does not hold`)
    return key
  }
}

const ours = [KeyMissing, SealBroken, SubjectErased, WrongKeyProvider]

async function reaching<T>(ask: () => Promise<T>): Promise<T> {
  try { return await ask() } catch (error) {
    if (ours.some(kind => error instanceof kind)) throw error
    throw new KeyStoreUnavailable(error)
  }
}
