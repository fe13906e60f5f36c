import { randomBytes, randomUUID } from 'node:crypto'
import type { Sql } from 'postgres'
import type { Scope } from '#event-kit/scope'
import type { Sealed } from '#kernel/personal'
import { assertDeclared, keyCommitment, openUnderAny, openValue, sealValue } from '../envelope.js'
import type { KeyProvider } from '../key-provider.js'
import { type GatedVault, type GateReport, type KeyHistory, passRestoreGate } from '../restore-gate.js'
import type { RevocationJournal } from '../revocation-journal.js'
import {
  type BlindIndex,
  type Fence,
  type IndexContent,
  type IndexEntry,
  type IndexMatch,
  KeyMissing,
  KeyStoreUnavailable,
  type Opened,
  SealBroken,
  SubjectErased,
  type SubjectKeys,
  type ToOpen,
  type ToSeal,
  closedBy,
  isOfPart,
} from '../subject-keys.js'
import { dataKeyAad, wrapKey } from '../wrapping.js'
import { CurrentKeys, slotOf } from './current-keys.js'
import { Epochs } from './epochs.js'
import { GateBook } from './gate-book.js'
import { type KeyRow, reaching, saysWhatIsWrong, unwrapDataKey } from './key-rows.js'
import { SearchIndex } from './search-index.js'

type KeyServices = { readonly provider: KeyProvider; readonly journal: RevocationJournal }

/**
 * The vault in PostgreSQL, in a schema and under a role of its own. Keys are read per request; none is cached, so none outlives its row.
 */
export class PostgresSubjectKeys implements SubjectKeys, BlindIndex {
  #gate: Promise<GateReport> | undefined
  #history: KeyHistory | undefined
  #heard: (report: GateReport) => void = () => undefined
  readonly #gated: GatedVault
  readonly #current: CurrentKeys
  readonly #index: SearchIndex

  private constructor(
    private readonly sql: Sql,
    private readonly epochs: Epochs,
    private readonly parts: KeyServices,
  ) {
    this.#current = new CurrentKeys(sql, epochs)
    this.#index = new SearchIndex(sql, epochs)
    this.#gated = Object.assign(new GateBook(sql), {
      apply: async (fence: Fence, journalled: boolean) => (await this.#close(fence, journalled)).keysFound,
    })
  }

  /** @throws WrongKeyProvider, KeyStoreUnavailable */
  static async start(sql: Sql, parts: KeyServices): Promise<PostgresSubjectKeys> {
    return new PostgresSubjectKeys(sql, await reaching(() => Epochs.start(sql, parts.provider)), parts)
  }

  /** The log that this vault belongs to: from here on nothing is opened or sealed before it was heard. */
  hear(history: KeyHistory, heard: (report: GateReport) => void = () => undefined) {
    ;[this.#history, this.#heard] = [history, heard]
  }

  /** The database may be another one from here on: nothing is opened or sealed before the restore gate was passed again. */
  doubt() {
    this.#gate = undefined
  }

  /** @throws KeyStoreUnavailable while the log or the vault cannot be reached: then nothing is known about erasures. */
  async passGate(): Promise<GateReport | undefined> {
    if (!this.#history) return undefined
    const history = this.#history
    const passing = (this.#gate ??= this.epochs
      .reload()
      .then(() => passRestoreGate(this.#gated, this.parts.journal, history))
      .then(report => {
        this.#heard(report)
        return report
      }))
    try {
      return await passing
    } catch (error) {
      if (this.#gate === passing) this.#gate = undefined
      if (saysWhatIsWrong(error)) throw error
      throw new KeyStoreUnavailable(error)
    }
  }

  async seal(values: readonly ToSeal[]) {
    if (values.length === 0) return { sealed: [], keys: [] }
    await this.passGate()
    const slots = [...new Map(values.map(value => [slotOf(value), value])).values()]
    const rows = await this.#current.of(slots)
    const unwrapped = new Map([...rows].map(([slot, row]) => [slot, this.#unwrap(row)]))
    try {
      const sealed = values.map(value => {
        const row = rows.get(slotOf(value)) as KeyRow
        return sealValue(unwrapped.get(slotOf(value)) as Buffer, row.kid, value.subject, value.scope, value.at, value.plaintext)
      })
      return {
        sealed,
        keys: [...rows.values()].map(({ kid, subject, scope, generation, kc }) => ({ kid, subject, scope, generation, kc })),
      }
    } finally {
      for (const key of unwrapped.values()) key.fill(0)
    }
  }

  async open(values: readonly ToOpen[]): Promise<readonly Opened[]> {
    if (values.length === 0) return []
    await this.passGate()
    for (const { sealed, declared } of values) assertDeclared(sealed, declared)
    const kids = [...new Set(values.map(({ sealed }) => sealed.kid))]
    const [keys, destroyed] = await reaching(() =>
      Promise.all([
        this.sql<
          KeyRow[]
        >`select kid, subject, scope, generation, epoch, wrapped, kc from vault.data_key where kid = any (${kids}::uuid[])`,
        this.sql<{ kid: string; subject: string }[]>`select kid, subject from vault.destroyed_key where kid = any (${kids}::uuid[])`,
      ]),
    )
    await this.epochs.knowThoseOf(keys)
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
    } finally {
      for (const { key } of live.values()) key.fill(0)
    }
  }

  async close(fence: Fence) {
    const { gone } = await this.#close(fence, false)
    // Also where the key itself was lost. When the gate hears of it again, what the scope is found by may be of the next generation.
    if (fence.cause === 'PART_ERASED') await this.#index.drop(fence.subject, fence.scopes)
    return gone
  }

  /** The journal has the record on disk before the destruction is committed. */
  async #close(
    { subject, scopes, kids, fenceEventId, cause }: Fence,
    journalled: boolean,
  ): Promise<{ readonly gone: readonly string[]; readonly keysFound: number }> {
    return reaching(() =>
      this.sql.begin(async sql => {
        const [row] = await sql<{ gone: string[]; closed_now: string[]; keys_found: number; is_news: boolean }[]>`
        select gone::text[], closed_now::text[], keys_found, is_news
        from vault.close(${subject}::uuid, ${[...closedBy({ scopes, cause })]}::text[], ${[...kids]}::uuid[], ${fenceEventId}::uuid,
          ${isOfPart(cause)})`
        const {
          gone,
          closed_now: named,
          keys_found: keysFound,
          is_news: isNews,
        } = row ?? { gone: [], closed_now: [], keys_found: 0, is_news: false }
        if (isNews && !journalled) await this.parts.journal.append({ subject, scopes, kids: named, fenceEventId, cause })
        return { gone, keysFound }
      }),
    )
  }

  async renew(subject: string, kid: string) {
    await this.passGate()
    const renewed = await this.epochs.knowing(async () => {
      const [old] = await this.sql<
        { scope: Scope }[]
      >`select scope from vault.data_key where kid = ${kid}::uuid and subject = ${subject}::uuid`
      if (!old) throw new KeyMissing(kid)
      const { epoch, wrapping } = this.epochs.open
      const [fresh, key] = [randomUUID(), randomBytes(32)]
      const wrapped = wrapKey(wrapping, key, dataKeyAad({ kid: fresh, subject, scope: old.scope, epoch }))
      const [row] = await this.sql<{ done: boolean }[]>`
        select vault.renew(${kid}::uuid, ${subject}::uuid, ${fresh}::uuid, ${this.epochs.providerKeys}::uuid[], ${wrapped},
          ${keyCommitment(key)}) as done`
      key.fill(0)
      return { done: row?.done ?? false, scope: old.scope }
    })
    if (!renewed.done) throw new SubjectErased(renewed.scope)
  }

  async remaining(subject: string, kids: readonly string[], scopes: readonly Scope[]) {
    const [row] = await reaching(
      () => this.sql<{ keys: number; rows: number }[]>`
      select
        (select count(*)::int from vault.data_key
          where subject = ${subject}::uuid and (scope = any (${[...scopes]}::text[]) or kid = any (${[...kids]}::uuid[]))) as keys,
        (select count(*)::int from vault.blind_index where subject = ${subject}::uuid and scope = any (${[...scopes]}::text[])) as rows`,
    )
    return { keys: row?.keys ?? 0, indexRows: row?.rows ?? 0 }
  }

  async probe(subject: string, sealed: readonly Sealed[]) {
    const rows = await reaching(
      () =>
        this.sql<KeyRow[]>`select kid, subject, scope, generation, epoch, wrapped, kc from vault.data_key where subject = ${subject}::uuid`,
    )
    await this.epochs.knowThoseOf(rows)
    return openUnderAny(
      sealed,
      subject,
      rows.map(row => ({ bytes: this.#unwrap(row), scope: row.scope })),
    )
  }

  async reserve(commandId: string, subject: string, entries: readonly IndexEntry[]): Promise<readonly IndexMatch[]> {
    if (entries.length === 0) return []
    await this.passGate()
    return this.#index.reserve(commandId, subject, entries)
  }

  release(commandId: string) {
    return this.#index.release(commandId)
  }

  settle(subject: string, recorded: readonly string[]) {
    return this.#index.settle(subject, recorded)
  }

  async reindex(subject: string, read: () => Promise<IndexContent>) {
    await this.passGate()
    await this.#index.reindex(subject, read)
  }

  async find(entry: Pick<IndexEntry, 'field' | 'value'>): Promise<readonly IndexMatch[]> {
    await this.passGate()
    return this.#index.find(entry)
  }

  sweep(from: string, to: string, exists: (subject: string) => Promise<boolean>) {
    return this.#index.sweep(from, to, exists)
  }

  /** @throws SealBroken, WrongKeyProvider when a row was tampered with or wrapped under another key. */
  #unwrap(row: KeyRow): Buffer {
    return unwrapDataKey(this.epochs.of(row.epoch).wrapping, row)
  }
}
