import type { Scope } from '#event-kit/scope'
import { type IndexContent, type IndexEntry, type IndexMatch, reservationMs } from './subject-keys.js'

type IndexRow = IndexEntry & { readonly subject: string; readonly commandId: string; readonly reservedAt: string; readonly nth: number }

/** The search index of the vault in memory: values as they are. */
export class InMemorySearchIndex {
  #rows: IndexRow[] = []
  #reservations = 0

  constructor(private readonly now: () => Date) {}

  /** Who else has these values. */
  reserve(commandId: string, subject: string, entries: readonly IndexEntry[]): readonly IndexMatch[] {
    const matches = entries.flatMap(entry => this.matches(entry)).filter(match => match.subject !== subject)
    for (const entry of entries) {
      if (this.#rows.some(row => row.subject === subject && row.field === entry.field && row.value === entry.value)) continue
      this.#rows.push({ ...entry, subject, ...this.#stamp(commandId) })
    }
    return matches
  }

  release(commandId: string) {
    this.#rows = this.#rows.filter(row => row.commandId !== commandId)
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
      .filter(row => row.field === field && row.value === value)
      .map(({ subject, reservedAt }) => ({ subject, field, reservedAt }))
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
