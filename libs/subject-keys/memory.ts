import { randomBytes, randomUUID } from 'node:crypto'
import type { Scope } from '#event-kit/scope'
import type { Sealed } from '#kernel/personal'
import { assertDeclared, keyCommitment, openUnderAny, openValue, sealValue } from './envelope.js'
import { InMemoryRevocationJournal } from './memory-revocation-journal.js'
import { InMemorySearchIndex } from './memory-search-index.js'
import type { GateStanding, GatedVault } from './restore-gate.js'
import type { RevocationJournal } from './revocation-journal.js'
import {
  type BlindIndex,
  type Fence,
  type IndexContent,
  type IndexEntry,
  type IndexMatch,
  KeyMissing,
  KeyStoreUnavailable,
  type KeyFact,
  type Opened,
  SealBroken,
  SubjectErased,
  type SubjectKeys,
  type ToOpen,
  type ToSeal,
  closedBy,
  isOfPart,
} from './subject-keys.js'

type Key = KeyFact & { readonly bytes: Buffer }

/** For specs and simulations. Passes the same contract suite as the Postgres vault. */
export class InMemorySubjectKeys implements SubjectKeys, BlindIndex, GatedVault {
  readonly #keys = new Map<string, Key>()
  readonly #closed = new Set<string>()
  readonly #destroyed = new Set<string>()
  readonly #lost = new Map<string, KeyFact>()
  #standing: GateStanding | undefined
  readonly #index = new InMemorySearchIndex(() => new Date())
  /** Set it to make every call fail as an unreachable store does. */
  unreachable = false

  constructor(private readonly journal: RevocationJournal = new InMemoryRevocationJournal()) {}

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

  async close(fence: Fence) {
    await this.apply(fence, false)
    if (fence.cause === 'PART_ERASED') this.#index.drop(fence.subject, fence.scopes)
    return [...this.#destroyed].filter(gone => gone.startsWith(`${fence.subject}|`)).map(gone => gone.slice(fence.subject.length + 1))
  }

  async apply({ subject, scopes, kids, ...fence }: Fence, journalled: boolean) {
    await this.#reach()
    const closing = closedBy({ scopes, ...fence })
    const lost = [...this.#lost.values()].filter(key => key.subject === subject && closing.includes(key.scope)).map(({ kid }) => kid)
    const held = [...this.#keys.values()].filter(key => key.subject === subject && (closing.includes(key.scope) || kids.includes(key.kid)))
    const isNews = held.length > 0 || closing.some(scope => !this.#closed.has(`${subject}|${scope}`))
    if (isNews && !journalled)
      await this.journal.append({ subject, scopes, kids: [...new Set([...kids, ...held.map(({ kid }) => kid)])], ...fence })
    for (const scope of closing) this.#closed.add(`${subject}|${scope}`)
    for (const { kid } of held) this.#keys.delete(kid)
    for (const kid of [...held.map(key => key.kid), ...kids, ...lost]) {
      this.#destroyed.add(`${subject}|${kid}`)
      this.#lost.delete(kid)
    }
    this.#index.drop(subject, isOfPart(fence.cause) ? [...closing, ...held.map(({ scope }) => scope)] : closing)
    return held.length
  }

  async reinstate(key: KeyFact, goesOn: boolean) {
    await this.#reach()
    const { kid, subject, scope } = key
    if (this.#closed.has(`${subject}|${scope}`)) return
    this.#destroyed.delete(`${subject}|${kid}`)
    if (goesOn && this.#keys.has(kid)) return
    this.#keys.delete(kid)
    this.#lost.set(kid, key)
    const isRenewed = [...this.#keys.values()].some(
      newer => newer.subject === subject && newer.scope === scope && newer.generation > key.generation,
    )
    if (!isRenewed) this.#index.drop(subject, [scope])
  }

  async renew(subject: string, kid: string) {
    await this.#reach()
    const old = this.#keys.get(kid)
    if (!old || old.subject !== subject) throw new KeyMissing(kid)
    if (this.#closed.has(`${subject}|${old.scope}`)) throw new SubjectErased(old.scope)
    if ([...this.#keys.values()].some(key => key.subject === subject && key.scope === old.scope && key.generation > old.generation)) return
    const bytes = randomBytes(32)
    const key = { kid: randomUUID(), subject, scope: old.scope, generation: old.generation + 1, kc: keyCommitment(bytes), bytes }
    this.#keys.set(key.kid, key)
  }

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    return work()
  }
  gateStanding() {
    return Promise.resolve(this.#standing)
  }
  moveGate(standing: GateStanding) {
    this.#standing = standing
    return Promise.resolve()
  }

  async noteLost(announced: readonly KeyFact[]) {
    await this.#reach()
    for (const key of announced)
      if (!this.#destroyed.has(`${key.subject}|${key.kid}`) && !this.#closed.has(`${key.subject}|${key.scope}`))
        this.#lost.set(key.kid, key)
    for (const kid of this.#keys.keys()) this.#lost.delete(kid)
    return [...this.#lost.keys()]
  }

  /** A back-up; what it answers puts everything back as it was. */
  backUp(): () => void {
    const was = {
      keys: [...this.#keys],
      closed: [...this.#closed],
      destroyed: [...this.#destroyed],
      lost: [...this.#lost],
      standing: this.#standing,
      putIndexBack: this.#index.backUp(),
    }
    const refill = <K, V>(map: Map<K, V>, entries: readonly (readonly [K, V])[]) => {
      map.clear()
      for (const [key, value] of entries) map.set(key, value)
    }
    const refillSet = <K>(set: Set<K>, entries: readonly K[]) => {
      set.clear()
      for (const entry of entries) set.add(entry)
    }
    return () => {
      refill(this.#keys, was.keys)
      refill(this.#lost, was.lost)
      refillSet(this.#closed, was.closed)
      refillSet(this.#destroyed, was.destroyed)
      this.#standing = was.standing
      was.putIndexBack()
    }
  }

  async remaining(subject: string, kids: readonly string[], scopes: readonly Scope[]) {
    await this.#reach()
    return {
      keys: [...this.#keys.values()].filter(key => key.subject === subject && (scopes.includes(key.scope) || kids.includes(key.kid)))
        .length,
      indexRows: this.#index.count(subject, scopes),
    }
  }

  async probe(subject: string, sealed: readonly Sealed[]) {
    await this.#reach()
    return openUnderAny(
      sealed,
      subject,
      [...this.#keys.values()].filter(key => key.subject === subject),
    )
  }

  async reserve(commandId: string, subject: string, entries: readonly IndexEntry[]) {
    await this.#reach()
    this.#assertOpen(subject, entries)
    return this.#index.reserve(commandId, subject, entries)
  }

  async release(commandId: string) {
    await this.#reach()
    this.#index.release(commandId)
  }

  async settle(subject: string, recorded: readonly string[]) {
    await this.#reach()
    this.#index.settle(subject, recorded)
  }

  async reindex(subject: string, read: () => Promise<IndexContent>) {
    await this.#reach()
    const entered = this.#index.reindexing(subject)
    const content = await read()
    this.#assertOpen(subject, content.entries)
    entered(content)
  }

  async find(entry: Pick<IndexEntry, 'field' | 'value'>): Promise<readonly IndexMatch[]> {
    await this.#reach()
    return this.#index.matches(entry)
  }

  async sweep(from: string, to: string, exists: (subject: string) => Promise<boolean>) {
    await this.#reach()
    return this.#index.sweep(from, to, exists)
  }

  /** Loses a key without any erasure, as a bad restore does. */
  lose(kid: string) {
    this.#keys.delete(kid)
  }

  #keyFor(subject: string, scope: Scope): Key {
    // A back-up may hold a key that was never announced, in the place of one that was announced and is lost: it is not used in its stead.
    for (const lost of this.#lost.values()) if (lost.subject === subject && lost.scope === scope) throw new KeyMissing(lost.kid)
    const newest = [...this.#keys.values()]
      .filter(key => key.subject === subject && key.scope === scope)
      .sort((a, b) => b.generation - a.generation)[0]
    if (newest) return newest
    const bytes = randomBytes(32)
    const key = { kid: randomUUID(), subject, scope, generation: 1, kc: keyCommitment(bytes), bytes }
    this.#keys.set(key.kid, key)
    return key
  }

  #assertOpen(subject: string, entries: readonly IndexEntry[]) {
    for (const { scope } of entries) if (this.#closed.has(`${subject}|${scope}`)) throw new SubjectErased(scope)
  }

  async #reach() {
    await Promise.resolve()
    if (this.unreachable) throw new KeyStoreUnavailable(new Error('switched off'))
  }
}
