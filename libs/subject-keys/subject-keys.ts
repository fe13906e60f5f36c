import { closesForGood, retirementCauses } from '#event-kit/key-events'
import type { Scope } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import type { Sealed } from '#kernel/personal'

/** The subject and scope are closed: an erasure is on record, and nothing is ever sealed there again. */
export class SubjectErased extends Error {
  constructor(readonly scope: Scope) {
    super(`The ${scope} data of this subject was erased; nothing more can be sealed for it`)
  }
}
/** A value did not authenticate, or is not where it was sealed. Tampering or a bug, never an erasure: raise an alert. */
export class SealBroken extends Error {
  constructor(where: string) {
    super(`The value sealed at ${where} does not authenticate there`)
  }
}
/** A key is gone and no erasure is on record. Data was lost, not erased: raise an alert. */
export class KeyMissing extends Error {
  constructor(kid: string) {
    super(`No data key ${kid}, and no erasure on record for it`)
  }
}
/** The key store cannot be reached. Try again: nothing is known about erasure. */
export class KeyStoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('The key store cannot be reached', { cause })
  }
}
/** The key provider has no key, or another one than the vault was made with. The vault refuses to start. */
export class WrongKeyProvider extends Error {
  constructor(why: string) {
    super(`The key folder does not fit this vault: ${why}. Put back the key folder that belongs to this database.`)
  }
}

export type ToSeal = {
  readonly subject: string
  readonly scope: Scope
  /** `<eventId>|<Type>.v<n>|<path>` */ readonly at: string
  readonly plaintext: string
}
/** What is announced about a key: never the key. `kc` = base64url SHA-256("kc-v1" ‖ key). */
export type KeyFact = {
  readonly kid: string
  readonly subject: string
  readonly scope: Scope
  readonly generation: number
  readonly kc: string
}
export type ToOpen = {
  readonly subject: string
  readonly sealed: Sealed
  /** `<Type>|<path>` of every event field whose values may lie where this one was read. */ readonly declared: readonly string[]
}
export type Opened<T = JsonValue> = { readonly known: T } | 'erased'
/**
 * Why keys die: with an erasure that closes its scopes for good; with one of a part, whose scopes go on under the next generation; or
 * because that took over what they sealed, all of it or all but one field.
 */
export const fenceCauses = ['ERASURE', 'PART_ERASED', ...retirementCauses] as const
export type FenceCause = (typeof fenceCauses)[number]
/** Of an erasure nothing comes back, whatever a restored log or vault says. */
export const isErasure = (cause: FenceCause) => cause === 'ERASURE' || cause === 'PART_ERASED'
export const causeOfErasure = (scopes: readonly Scope[]): FenceCause => (closesForGood(scopes) ? 'ERASURE' : 'PART_ERASED')
/** The scope goes on without what was erased of it: what it was found by dies with the keys that are held, and is entered anew. */
export const isOfPart = (cause: FenceCause) => cause === 'PART_ERASED' || cause === 'FIELD_ERASED'
/** The scopes in which nothing is ever sealed again. */
export const closedBy = ({ scopes, cause }: Pick<Fence, 'scopes' | 'cause'>): readonly Scope[] => (cause === 'PART_ERASED' ? [] : scopes)
/** The end of keys as the log recorded it: only such a record closes anything. */
export type Fence = {
  readonly subject: string
  readonly scopes: readonly Scope[]
  readonly kids: readonly string[]
  readonly fenceEventId: string
  readonly cause: FenceCause
}

/** The vault: one data key per (subject, scope, generation). Every method throws KeyStoreUnavailable when the store does not answer. */
export interface SubjectKeys {
  /** Seals a whole batch, minting keys on first use; one round trip when all keys exist. @throws SubjectErased past a fence. */
  seal(values: readonly ToSeal[]): Promise<{ readonly sealed: readonly Sealed[]; readonly keys: readonly KeyFact[] }>
  /**
   * Opens values for an authorised, logged reader, in order. 'erased' only when the erasure is on record.
   * @throws KeyMissing without key and fence; SealBroken for a failed tag, another subject or another place.
   */
  open(values: readonly ToOpen[]): Promise<readonly Opened[]>
  /**
   * Closes the scopes, also those never minted, where the erasure was not of a part; deletes the keys and index rows. Idempotent. Answers
   * the key ids that are gone by now.
   */
  close(fence: Fence): Promise<readonly string[]>
  /**
   * Makes the next generation of a key: from here on it seals. Idempotent for the same key; nothing to do for a key that is not the
   * newest. @throws SubjectErased, KeyMissing
   */
  renew(subject: string, kid: string): Promise<void>
  /** How many of these values open under any live key of the subject, whatever any fence says. */
  probe(subject: string, sealed: readonly Sealed[]): Promise<number>
  /** What is left of these keys, whatever any fence says: the ground of an erasure certificate. */
  remaining(
    subject: string,
    kids: readonly string[],
    scopes: readonly Scope[],
  ): Promise<{ readonly keys: number; readonly indexRows: number }>
}

export type IndexEntry = {
  /** `nameAndDateOfBirth`: as names were folded once. Nothing is entered by it any more; what is there is still found. */
  readonly field: 'nhsNumber' | 'foldedNameAndDateOfBirth' | 'nameAndDateOfBirth' | 'phone'
  readonly value: string
  readonly scope: Scope
}
/** What a subject is found by, and the commands that the record knows: a reservation by any other may be in flight. */
export type IndexContent = { readonly entries: readonly IndexEntry[]; readonly recorded: readonly string[] }
/** A command that has not recorded what it reserved by then is dead. */
export const reservationMs = 900_000
export type IndexMatch = {
  readonly subject: string
  readonly field: IndexEntry['field']
  readonly reservedAt: string
  /** Who entered it, and who entered something else for the same since: whether it stands, the log says (`stillStands`). */
  readonly commandId: string
  readonly later: readonly string[]
}

/** Equality search over personal values. Rows are deleted by `close`. No substring search, ever. */
export interface BlindIndex {
  /** Writes the rows and answers who else has any of these values, in one step under a lock on the values. @throws SubjectErased */
  reserve(commandId: string, subject: string, entries: readonly IndexEntry[]): Promise<readonly IndexMatch[]>
  /** Takes a reservation back: its command was refused. */
  release(commandId: string): Promise<void>
  /**
   * Removes what a later command of the record has corrected. `recorded`: the commands that the record knows, in the order of the log.
   * What is not in the log yet stays. Idempotent.
   */
  settle(subject: string, recorded: readonly string[]): Promise<void>
  /**
   * Puts what `read` finds in the place of all that the subject had when it began to read. What a command reserved since, or within a
   * quarter of an hour before and has not recorded yet, stays. @throws SubjectErased, and what `read` throws: then nothing changes.
   */
  reindex(subject: string, read: () => Promise<IndexContent>): Promise<void>
  find(entry: Pick<IndexEntry, 'field' | 'value'>): Promise<readonly IndexMatch[]>
  /**
   * Removes the reservations made between two instants for subjects that never came to be: their command died before its append. Answers
   * how many subjects.
   */
  sweep(from: string, to: string, exists: (subject: string) => Promise<boolean>): Promise<number>
}
