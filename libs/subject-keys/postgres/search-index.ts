import type { Sql, TransactionSql } from 'postgres'
import type { Scope } from '#event-kit/scope'
import { type BlindIndex, type IndexContent, type IndexEntry, type IndexMatch, SubjectErased, reservationMs } from '../subject-keys.js'
import { indexToken } from '../wrapping.js'
import type { Epochs } from './epochs.js'
import { byteaArray, reaching } from './key-rows.js'

type FoundRow = { subject: string; reserved_at: Date; command_id: string; later: string[] }
const matchOf = ({ subject, reserved_at, command_id, later }: FoundRow, field: IndexEntry['field']): IndexMatch => ({
  subject,
  field,
  reservedAt: reserved_at.toISOString(),
  commandId: command_id,
  later,
})

/** The search index of the vault: who asks it has passed the restore gate. */
export class SearchIndex implements BlindIndex {
  constructor(
    private readonly sql: Sql,
    private readonly epochs: Epochs,
  ) {}

  async reserve(commandId: string, subject: string, entries: readonly IndexEntry[]): Promise<readonly IndexMatch[]> {
    const rows = await this.epochs.knowing(() => this.#reserve(this.sql, commandId, subject, entries))
    const closed = rows.find(row => row.closed !== null)
    if (closed?.closed) throw new SubjectErased(closed.closed)
    return rows.map(row => matchOf(row, row.field))
  }

  async release(commandId: string) {
    await reaching(() => this.sql`delete from vault.blind_index where command_id = ${commandId}::uuid`)
  }

  /** What a subject is found by in these scopes. */
  async drop(subject: string, scopes: readonly Scope[]) {
    await reaching(() => this.sql`delete from vault.blind_index where subject = ${subject}::uuid and scope = any (${[...scopes]}::text[])`)
  }

  async settle(subject: string, recorded: readonly string[]) {
    await reaching(() => this.sql`select vault.settle(${subject}::uuid, ${[...recorded]}::uuid[])`)
  }

  /** A row that a reindexing wrote bears its subject's own id for a command: the next one may replace it. */
  async reindex(subject: string, read: () => Promise<IndexContent>) {
    const [clock] = await reaching(() => this.sql<{ began: string }[]>`select clock_timestamp()::text as began`)
    const { entries, recorded } = await read()
    await this.epochs.knowing(() =>
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
    return sql<(FoundRow & { field: IndexEntry['field']; closed: Scope | null })[]>`
      select * from vault.reserve(${commandId}::uuid, ${subject}::uuid, ${entries.map(({ field }) => field)}::text[],
        ${entries.map(({ scope }) => scope)}::text[], ${this.epochs.providerKeys}::uuid[],
        ${byteaArray(entries.flatMap(entry => this.#tokens(entry)))}::text::bytea[])`
  }

  async find(entry: Pick<IndexEntry, 'field' | 'value'>): Promise<readonly IndexMatch[]> {
    const rows = await this.epochs.knowing(
      () => this.sql<FoundRow[]>`
      select * from vault.find(${entry.field}, ${this.epochs.providerKeys}::uuid[], ${byteaArray(this.#tokens(entry))}::text::bytea[])`,
    )
    return rows.map(row => matchOf(row, entry.field))
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
}
