import type { Scope } from '#event-kit/scope'
import { entriesLike } from './standing-values.js'
import { type IndexContent, type IndexEntry, type IndexMatch, reservationMs } from './subject-keys.js'

type IndexRow = IndexEntry & { readonly subject: string; readonly commandId: string; readonly reservedAt: string; readonly nth: number }

const isSame = (row: Pick<IndexEntry, 'field' | 'value'>, entry: Pick<IndexEntry, 'field' | 'value'>) =>
  row.field === entry.field && row.value === entry.value
/** Entered since, by another command, for the same of the same person. */
const isLater = (other: IndexRow, row: IndexRow) =>
  other.subject === row.subject && other.nth > row.nth && other.commandId !== row.commandId && entriesLike(row.field).includes(other.field)

/** The search index of the vault in memory: values as they are. */
export class InMemorySearchIndex {
  #rows: IndexRow[] = []
  #reservations = 0

  constructor(private readonly now: () => Date) {}

  /** Who else has these values. */
  reserve(commandId: string, subject: string, entries: readonly IndexEntry[]): readonly IndexMatch[] {
    const matches = entries.flatMap(entry => this.matches(entry)).filter(match => match.subject !== subject)
    for (const entry of entries) {
      if (this.#rows.some(row => row.commandId === commandId && row.subject === subject && isSame(row, entry))) continue
      this.#rows.push({ ...entry, subject, ...this.#stamp(commandId) })
    }
    return matches
  }

  release(commandId: string) {
    this.#rows = this.#rows.filter(row => row.commandId !== commandId)
  }

  /** Removes what a later command, in the order of the log, entered something else for. */
  settle(subject: string, recorded: readonly string[]) {
    const order = new Map([subject, ...recorded].map((commandId, nth) => [commandId, nth]))
    const corrected = (row: IndexRow) =>
      this.#rows.some(other => isLater(other, row) && (order.get(other.commandId) ?? -1) > (order.get(row.commandId) ?? Infinity))
    this.#rows = this.#rows.filter(row => row.subject !== subject || !corrected(row))
  }

  /** Begins to enter a subject anew; what it answers ends that. What is reserved meanwhile, or is still on its way, stays. */
  reindexing(subject: string): (content: IndexContent) => void {
    const began = this.#reservations
    const inFlightSince = new Date(this.now().getTime() - reservationMs).toISOString()
    return ({ entries, recorded }) => {
      const done = new Set([...recorded, subject])
      const stays = (row: IndexRow) =>
        row.subject !== subject || row.nth > began || (row.reservedAt >= inFlightSince && !done.has(row.commandId))
      this.#rows = [...this.#rows.filter(stays), ...entries.map(entry => ({ ...entry, subject, ...this.#stamp(subject) }))]
    }
  }

  matches({ field, value }: Pick<IndexEntry, 'field' | 'value'>): readonly IndexMatch[] {
    return this.#rows
      .filter(row => isSame(row, { field, value }))
      .map(row => ({
        subject: row.subject,
        field,
        reservedAt: row.reservedAt,
        commandId: row.commandId,
        later: this.#rows.filter(other => isLater(other, row)).map(({ commandId }) => commandId),
      }))
  }

  count(subject: string, scopes: readonly Scope[]): number {
    return this.#rows.filter(row => row.subject === subject && scopes.includes(row.scope)).length
  }

  drop(subject: string, scopes: readonly Scope[]) {
    this.#rows = this.#rows.filter(row => row.subject !== subject || !scopes.includes(row.scope))
  }

  async sweep(from: string, to: string, exists: (subject: string) => Promise<boolean>): Promise<number> {
    const reserved = new Set(this.#rows.filter(({ reservedAt }) => reservedAt >= from && reservedAt < to).map(({ subject }) => subject))
    let swept = 0
    for (const subject of reserved) {
      if (await exists(subject)) continue
      this.#rows = this.#rows.filter(row => row.subject !== subject)
      swept++
    }
    return swept
  }

  /** What it answers puts everything back as it was. */
  backUp(): () => void {
    const was = [...this.#rows]
    return () => {
      this.#rows = [...was]
    }
  }

  #stamp(commandId: string) {
    return { commandId, reservedAt: this.now().toISOString(), nth: ++this.#reservations }
  }
}
