import { randomBytes, randomUUID } from 'node:crypto'
import type { Sql, TransactionSql } from 'postgres'
import type { Scope } from '#event-kit/scope'
import type { Sealed } from '#kernel/personal'
import { Batched } from '#kernel/batched'
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
  reservationMs,
} from '../subject-keys.js'
import { dataKeyAad, indexToken, wrapKey } from '../wrapping.js'
import { Epochs } from './epochs.js'
import { GateBook } from './gate-book.js'
import { type KeyRow, byteaArray, reaching, saysWhatIsWrong, unwrapDataKey } from './key-rows.js'

type Slot = { readonly subject: string; readonly scope: Scope }
const slotOf = ({ subject, scope }: Slot) => `${subject}|${scope}`
const epochsMoved = 'CLE01'
const deadlock = '40P01'

type Parts = { readonly provider: KeyProvider; readonly journal: RevocationJournal }

/**
 * The vault in PostgreSQL, in a schema and under a role of its own. Keys are read per request; none is cached, so none outlives its row.
 */
export class PostgresSubjectKeys implements SubjectKeys, BlindIndex {
  #gate: Promise<GateReport> | undefined
  #history: KeyHistory | undefined
  #heard: (report: GateReport) => void = () => undefined
  readonly #gated: GatedVault
  readonly #currentKeys = new Batched<readonly Slot[], Map<string, KeyRow>>(requests => this.#keysOf(requests), 100)

  private constructor(
    private readonly sql: Sql,
    private readonly epochs: Epochs,
    private readonly parts: Parts,
  ) {
    this.#gated = Object.assign(new GateBook(sql), {
      apply: async (fence: Fence, journalled: boolean) => (await this.#close(fence, journalled)).keysFound,
    })
  }

  /** @throws WrongKeyProvider, KeyStoreUnavailable */
  static async start(sql: Sql, parts: Parts): Promise<PostgresSubjectKeys> {
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
    const rows = await this.#keysFor(slots)
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
    await this.#knowEpochsOf(keys)
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
    return (await this.#close(fence, false)).gone
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
        from vault.close(${subject}::uuid, ${[...scopes]}::text[], ${[...kids]}::uuid[], ${fenceEventId}::uuid,
          ${cause === 'FIELD_ERASED'})`
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
    const renewed = await this.#knowingEpochs(async () => {
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
    await this.#knowEpochsOf(rows)
    return openUnderAny(
      sealed,
      subject,
      rows.map(row => ({ bytes: this.#unwrap(row), scope: row.scope })),
    )
  }

  async reserve(commandId: string, subject: string, entries: readonly IndexEntry[]): Promise<readonly IndexMatch[]> {
    if (entries.length === 0) return []
    await this.passGate()
    const rows = await this.#knowingEpochs(() => this.#reserve(this.sql, commandId, subject, entries))
    const closed = rows.find(row => row.closed !== null)
    if (closed?.closed) throw new SubjectErased(closed.closed)
    return rows.map(row => ({ subject: row.subject, field: row.field, reservedAt: row.reserved_at.toISOString() }))
  }

  async release(commandId: string) {
    await reaching(() => this.sql`delete from vault.blind_index where command_id = ${commandId}::uuid`)
  }

  /** A row that a reindexing wrote bears its subject's own id for a command: the next one may replace it. */
  async reindex(subject: string, read: () => Promise<IndexContent>) {
    await this.passGate()
    const [clock] = await reaching(() => this.sql<{ began: string }[]>`select clock_timestamp()::text as began`)
    const { entries, recorded } = await read()
    await this.#knowingEpochs(() =>
      this.sql.begin(async sql => {
        // The subject's lock first, as everybody takes it.
        await sql`select pg_advisory_xact_lock(hashtextextended(${subject}::uuid::text, 1))`
        await sql`
        delete from vault.blind_index where subject = ${subject}::uuid and reserved_at < ${clock?.began ?? ''}::text::timestamptz
          and (reserved_at < ${clock?.began ?? ''}::text::timestamptz - make_interval(secs => ${reservationMs / 1_000})
            or command_id = any (${[...recorded, subject]}::uuid[]))`
        if (entries.length === 0) return
        for (const { closed } of await this.#reserve(sql, subject, subject, entries)) if (closed) throw new SubjectErased(closed)
      }),
    )
  }

  #reserve(sql: Sql | TransactionSql, commandId: string, subject: string, entries: readonly IndexEntry[]) {
    return sql<{ subject: string; field: IndexEntry['field']; reserved_at: Date; closed: Scope | null }[]>`
      select * from vault.reserve(${commandId}::uuid, ${subject}::uuid, ${entries.map(({ field }) => field)}::text[],
        ${entries.map(({ scope }) => scope)}::text[],
        ${this.epochs.providerKeys}::uuid[], ${byteaArray(entries.flatMap(entry => this.#tokens(entry)))}::text::bytea[])`
  }

  async find(entry: Pick<IndexEntry, 'field' | 'value'>): Promise<readonly IndexMatch[]> {
    await this.passGate()
    const rows = await this.#knowingEpochs(
      () => this.sql<{ subject: string; reserved_at: Date }[]>`
      select * from vault.find(${entry.field}, ${this.epochs.providerKeys}::uuid[], ${byteaArray(this.#tokens(entry))}::text::bytea[])`,
    )
    return rows.map(row => ({ subject: row.subject, field: entry.field, reservedAt: row.reserved_at.toISOString() }))
  }

  async sweep(from: string, to: string, exists: (subject: string) => Promise<boolean>) {
    const reserved = await reaching(
      () =>
        this.sql<
          { subject: string }[]
        >`select distinct subject from vault.blind_index where reserved_at >= ${from} and reserved_at < ${to}`,
    )
    let swept = 0
    for (const { subject } of reserved) {
      if (await exists(subject)) continue
      await reaching(() => this.sql`delete from vault.blind_index where subject = ${subject}::uuid and reserved_at < ${to}`)
      swept++
    }
    return swept
  }

  /** A value's token under each live epoch, oldest first. */
  #tokens({ field, value }: Pick<IndexEntry, 'field' | 'value'>) {
    return this.epochs.live.map(({ wrapping, index }) => indexToken(wrapping, index, field, value))
  }

  /** The current key of each slot; minted where there is none. @throws SubjectErased, KeyMissing */
  async #keysFor(slots: readonly Slot[]): Promise<ReadonlyMap<string, KeyRow>> {
    const found = await this.#currentKeys.one(slots)
    const missing = slots.filter(slot => !found.has(slotOf(slot)))
    if (missing.length > 0) for (const row of await this.#mint(missing)) found.set(slotOf(row), row)
    for (const slot of slots) if (!found.has(slotOf(slot))) throw await this.#whyNotMinted(slot)
    await this.#knowEpochsOf([...found.values()])
    return found
  }

  /** For each request the keys that its slots have: many requests ask in one statement. */
  async #keysOf(requests: readonly (readonly Slot[])[]): Promise<readonly Map<string, KeyRow>[]> {
    const slots = [...new Map(requests.flat().map(slot => [slotOf(slot), slot])).values()]
    const rows = await reaching(
      () => this.sql<KeyRow[]>`
      select distinct on (k.subject, k.scope) k.kid, k.subject, k.scope, k.generation, k.epoch, k.wrapped, k.kc from vault.data_key k
      join unnest(${slots.map(({ subject }) => subject)}::uuid[], ${slots.map(({ scope }) => scope)}::text[]) as n (subject, scope)
        on k.subject = n.subject and k.scope = n.scope
      where not exists (select from vault.closed_scope c where c.subject = k.subject and c.scope = k.scope)
        and not exists (select from vault.lost_key l where l.subject = k.subject and l.scope = k.scope and l.generation >= k.generation)
      order by k.subject, k.scope, k.generation desc`,
    )
    const found = new Map(rows.map(row => [slotOf(row), row]))
    return requests.map(
      mine =>
        new Map(
          mine.flatMap(slot => {
            const row = found.get(slotOf(slot))
            return row ? [[slotOf(slot), row]] : []
          }),
        ),
    )
  }

  async #whyNotMinted({ subject, scope }: Slot): Promise<Error> {
    const [lost] = await reaching(
      () => this.sql<{ kid: string }[]>`
      select kid from vault.lost_key l where subject = ${subject}::uuid and scope = ${scope}
        and not exists (select from vault.closed_scope c where c.subject = l.subject and c.scope = l.scope)`,
    )
    return lost ? new KeyMissing(lost.kid) : new SubjectErased(scope)
  }

  async #mint(slots: readonly Slot[]): Promise<readonly KeyRow[]> {
    return this.#knowingEpochs(() => {
      const { epoch, wrapping } = this.epochs.open
      const minted = slots.map(slot => {
        const key = randomBytes(32)
        const kid = randomUUID()
        const row = { kid, wrapped: wrapKey(wrapping, key, dataKeyAad({ kid, ...slot, epoch })), kc: keyCommitment(key) }
        key.fill(0)
        return row
      })
      return this.sql<KeyRow[]>`
        select * from vault.mint(${minted.map(row => row.kid)}::uuid[], ${slots.map(slot => slot.subject)}::uuid[],
          ${slots.map(slot => slot.scope)}::text[],
          ${this.epochs.providerKeys}::uuid[], ${byteaArray(minted.map(row => row.wrapped))}::text::bytea[],
          ${minted.map(row => row.kc)}::text[])`
    })
  }

  /** Asks again with the epochs as they are now, when a rotation went on meanwhile; or because the two got into each other's way. */
  async #knowingEpochs<T>(ask: () => Promise<T>): Promise<T> {
    for (let left = 3; ; left--) {
      try {
        return await ask()
      } catch (error) {
        const { code } = (error ?? {}) as { code?: unknown }
        if ((code !== epochsMoved && code !== deadlock) || left === 0)
          return reaching(() => Promise.reject(error instanceof Error ? error : new Error('it failed')))
        await reaching(() => this.epochs.reload())
      }
    }
  }

  async #knowEpochsOf(rows: readonly KeyRow[]) {
    if (rows.some(({ epoch }) => !this.epochs.numbers.includes(epoch))) await reaching(() => this.epochs.reload())
  }

  /** @throws SealBroken, WrongKeyProvider when a row was tampered with or wrapped under another key. */
  #unwrap(row: KeyRow): Buffer {
    return unwrapDataKey(this.epochs.of(row.epoch).wrapping, row)
  }
}
