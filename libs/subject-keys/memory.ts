import { randomBytes, randomUUID } from 'node:crypto'
import type { Scope } from '#event-kit/scope'
import type { Sealed } from '#kernel/personal'
import { assertDeclared, keyCommitment, openUnderAny, openValue, sealValue } from './envelope.js'
import type { GateStanding, GatedVault } from './restore-gate.js'
import type { Journalled, Revocation, RevocationJournal } from './revocation-journal.js'
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
  reservationMs,
} from './subject-keys.js'

type Key = KeyFact & { readonly bytes: Buffer }
type IndexRow = IndexEntry & { readonly subject: string; readonly commandId: string; readonly reservedAt: string; readonly nth: number }

/** For specs and simulations: offsets are counts. */
export class InMemoryRevocationJournal implements RevocationJournal {
  readonly #records: Revocation[] = []

  append(revocation: Revocation) {
    this.#records.push(revocation)
    return Promise.resolve()
  }
  since(offset: number): Promise<readonly Journalled[]> {
    const from = offset > this.#records.length ? 0 : offset
    return Promise.resolve(this.#records.slice(from).map((revocation, n) => ({ revocation, end: from + n + 1 })))
  }
}

/** For specs and simulations. Passes the same contract suite as the Postgres vault. */
export class InMemorySubjectKeys implements SubjectKeys, BlindIndex, GatedVault {
  readonly #keys = new Map<string, Key>()
  readonly #closed = new Set<string>()
  readonly #destroyed = new Set<string>()
  readonly #lost = new Map<string, KeyFact>()
  #standing: GateStanding | undefined
  #index: IndexRow[] = []
  #reservations = 0
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
    return [...this.#destroyed].filter(gone => gone.startsWith(`${fence.subject}|`)).map(gone => gone.slice(fence.subject.length + 1))
  }

  async apply({ subject, scopes, kids, ...fence }: Fence, journalled: boolean) {
    await this.#reach()
    const lost = [...this.#lost.values()].filter(key => key.subject === subject && scopes.includes(key.scope)).map(({ kid }) => kid)
    const held = [...this.#keys.values()].filter(key => key.subject === subject && (scopes.includes(key.scope) || kids.includes(key.kid)))
    const isNews = held.length > 0 || scopes.some(scope => !this.#closed.has(`${subject}|${scope}`))
    if (isNews && !journalled)
      await this.journal.append({ subject, scopes, kids: [...new Set([...kids, ...held.map(({ kid }) => kid)])], ...fence })
    for (const scope of scopes) this.#closed.add(`${subject}|${scope}`)
    for (const { kid } of held) this.#keys.delete(kid)
    for (const kid of [...held.map(key => key.kid), ...kids, ...lost]) {
      this.#destroyed.add(`${subject}|${kid}`)
      this.#lost.delete(kid)
    }
    if (fence.cause === 'FIELD_ERASED')
      this.#index = this.#index.filter(row => row.subject !== subject || !held.some(({ scope }) => scope === row.scope))
    this.#index = this.#index.filter(row => row.subject !== subject || !scopes.includes(row.scope))
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
    if (!isRenewed) this.#index = this.#index.filter(row => row.subject !== subject || row.scope !== scope)
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
      index: [...this.#index],
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
      this.#index = [...was.index]
    }
  }

  async remaining(subject: string, kids: readonly string[], scopes: readonly Scope[]) {
    await this.#reach()
    return {
      keys: [...this.#keys.values()].filter(key => key.subject === subject && (scopes.includes(key.scope) || kids.includes(key.kid)))
        .length,
      indexRows: this.#index.filter(row => row.subject === subject && scopes.includes(row.scope)).length,
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
    for (const { scope } of entries) if (this.#closed.has(`${subject}|${scope}`)) throw new SubjectErased(scope)
    const matches = entries.flatMap(entry => this.#rowsOf(entry)).filter(match => match.subject !== subject)
    for (const entry of entries) {
      if (this.#index.some(row => row.subject === subject && row.field === entry.field && row.value === entry.value)) continue
      this.#index.push({ ...entry, subject, ...this.#stamp(commandId) })
    }
    return matches
  }

  async release(commandId: string) {
    await this.#reach()
    this.#index = this.#index.filter(row => row.commandId !== commandId)
  }

  async reindex(subject: string, read: () => Promise<IndexContent>) {
    await this.#reach()
    const began = this.#reservations
    const inFlightSince = new Date(Date.now() - reservationMs).toISOString()
    const { entries, recorded } = await read()
    const done = new Set([...recorded, subject])
    const stays = (row: IndexRow) =>
      row.subject !== subject || row.nth > began || (row.reservedAt >= inFlightSince && !done.has(row.commandId))
    for (const { scope } of entries) if (this.#closed.has(`${subject}|${scope}`)) throw new SubjectErased(scope)
    this.#index = [...this.#index.filter(stays), ...entries.map(entry => ({ ...entry, subject, ...this.#stamp(subject) }))]
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
  lose(kid: string) {
    this.#keys.delete(kid)
  }

  #stamp(commandId: string) {
    return { commandId, reservedAt: new Date().toISOString(), nth: ++this.#reservations }
  }

  #rowsOf({ field, value }: Pick<IndexEntry, 'field' | 'value'>): readonly IndexMatch[] {
    return this.#index
      .filter(row => row.field === field && row.value === value)
      .map(({ subject, reservedAt }) => ({ subject, field, reservedAt }))
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

  async #reach() {
    await Promise.resolve()
    if (this.unreachable) throw new KeyStoreUnavailable(new Error('switched off'))
  }
}
