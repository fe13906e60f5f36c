import { randomBytes, randomUUID } from 'node:crypto'
import type { Scope } from '#event-kit/scope'
import type { Sealed } from '#kernel/personal'
import { assertDeclared, keyCommitment, openUnderAny, openValue, sealValue } from './envelope.js'
import {
  type BlindIndex, type Fence, type IndexEntry, type IndexMatch, KeyMissing, KeyStoreUnavailable, type KeyFact, type Opened, SealBroken, SubjectErased,
  type SubjectKeys, type ToOpen, type ToSeal,
} from './subject-keys.js'

type Key = KeyFact & { readonly bytes: Buffer }
type IndexRow = IndexEntry & { readonly subject: string; readonly commandId: string; readonly reservedAt: string }

/** For specs and simulations. Passes the same contract suite as the Postgres vault. */
export class InMemorySubjectKeys implements SubjectKeys, BlindIndex {
  readonly #keys = new Map<string, Key>()
  readonly #closed = new Set<string>()
  readonly #destroyed = new Set<string>()
  #index: IndexRow[] = []
  /** Set it to make every call fail as an unreachable store does. */
  unreachable = false

  async seal(values: readonly ToSeal[]) {
    await this.#reach()
    const used = new Map<string, Key>()
    for (const { subject, scope } of values) {
      const slot = `${subject}|${scope}`
      if (this.#closed.has(slot)) throw new SubjectErased(scope)
      if (!used.has(slot)) used.set(slot, this.#keyFor(subject, scope))
    }
    const sealed = values.map(({ subject, scope, at, plaintext }) => {
      const key = used.get(`${subject}|${scope}`) as Key
      return sealValue(key.bytes, key.kid, subject, scope, at, plaintext)
    })
    return { sealed, keys: [...used.values()].map(({ bytes: _, ...fact }) => fact) }
  }

  async open(values: readonly ToOpen[]): Promise<readonly Opened[]> {
    await this.#reach()
    return values.map(({ subject, sealed, declared }) => {
      assertDeclared(sealed, declared)
      const key = this.#keys.get(sealed.kid)
      if (!key) {
        if (this.#destroyed.has(`${subject}|${sealed.kid}`)) return 'erased'
        throw new KeyMissing(sealed.kid)
      }
      if (key.subject !== subject) throw new SealBroken(sealed.at)
      return { known: openValue(key.bytes, subject, key.scope, sealed) }
    })
  }

  async close({ subject, scopes, kids }: Fence) {
    await this.#reach()
    for (const scope of scopes) this.#closed.add(`${subject}|${scope}`)
    for (const key of [...this.#keys.values()].filter(key => key.subject === subject && scopes.includes(key.scope))) {
      this.#keys.delete(key.kid)
      this.#destroyed.add(`${subject}|${key.kid}`)
    }
    for (const kid of kids) this.#destroyed.add(`${subject}|${kid}`)
    this.#index = this.#index.filter(row => row.subject !== subject || !scopes.includes(row.scope))
    return [...this.#destroyed].filter(gone => gone.startsWith(`${subject}|`)).map(gone => gone.slice(subject.length + 1))
  }

  async remaining(subject: string, kids: readonly string[], scopes: readonly Scope[]) {
    await this.#reach()
    return {
      keys: [...this.#keys.values()].filter(key => key.subject === subject && (scopes.includes(key.scope) || kids.includes(key.kid))).length,
      indexRows: this.#index.filter(row => row.subject === subject && scopes.includes(row.scope)).length,
    }
  }

  async probe(subject: string, sealed: readonly Sealed[]) {
    await this.#reach()
    return openUnderAny(sealed, subject, [...this.#keys.values()].filter(key => key.subject === subject))
  }

  async reserve(commandId: string, subject: string, entries: readonly IndexEntry[]) {
    await this.#reach()
    for (const { scope } of entries) if (this.#closed.has(`${subject}|${scope}`)) throw new SubjectErased(scope)
    const matches = entries.flatMap(entry => this.#rowsOf(entry)).filter(match => match.subject !== subject)
    for (const entry of entries) {
      if (this.#index.some(row => row.subject === subject && row.field === entry.field && row.value === entry.value)) continue
      this.#index.push({ ...entry, subject, commandId, reservedAt: new Date().toISOString() })
    }
    return matches
  }

  async release(commandId: string) {
    await this.#reach()
    this.#index = this.#index.filter(row => row.commandId !== commandId)
  }

  async reindex(subject: string, entries: readonly IndexEntry[]) {
    await this.#reach()
    for (const { scope } of entries) if (this.#closed.has(`${subject}|${scope}`)) throw new SubjectErased(scope)
    this.#index = [...this.#index.filter(row => row.subject !== subject), ...entries.map(entry => ({ ...entry, subject, commandId: randomUUID(), reservedAt: new Date().toISOString() }))]
  }

  async find({ field, value }: Pick<IndexEntry, 'field' | 'value'>): Promise<readonly IndexMatch[]> {
    await this.#reach()
    return this.#rowsOf({ field, value })
  }

  async sweep(from: string, to: string, exists: (subject: string) => Promise<boolean>) {
    await this.#reach()
    const reserved = new Set(this.#index.filter(({ reservedAt }) => reservedAt >= from && reservedAt < to).map(({ subject }) => subject))
    let swept = 0
    for (const subject of reserved) {
      if (await exists(subject)) continue
      this.#index = this.#index.filter(row => row.subject !== subject)
      swept++
    }
    return swept
  }

  /** Loses a key without any erasure, as a bad restore does. */
  lose(kid: string) { this.#keys.delete(kid) }

  #rowsOf({ field, value }: Pick<IndexEntry, 'field' | 'value'>): readonly IndexMatch[] {
    return this.#index.filter(row => row.field === field && row.value === value).map(({ subject, reservedAt }) => ({ subject, field, reservedAt }))
  }

  #keyFor(subject: string, scope: Scope): Key {
    for (const key of this.#keys.values()) if (key.subject === subject && key.scope === scope) return key
    const bytes = randomBytes(32)
    const key = { kid: randomUUID(), subject, scope, generation: 1, kc: keyCommitment(bytes), bytes }
    this.#keys.set(key.kid, key)
    return key
  }

  async #reach() {
    await Promise.resolve()
    if (this.unreachable) throw new KeyStoreUnavailable(new Error('switched off'))
  }
}
