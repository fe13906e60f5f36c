import type { StreamFolds } from '#commands/folds'
import { audit } from '#domain/audit/audit'
import { breach } from '#domain/breach/breach'
import { type HeldField, declaredFor } from '#domain/person/details/record'
import { person } from '#domain/person/person'
import { staff } from '#domain/staff/staff'
import type { EventCodec } from '#event-codec/codec'
import { envelopeOf } from '#event-codec/sealed'
import type { Scope } from '#event-kit/scope'
import type { EventStore } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import type { JsonValue } from '#kernel/json'
import type { Sealed } from '#kernel/personal'
import type { Opened, SubjectKeys } from '#subject-keys/subject-keys'
import { type Access, AccessRecord, type Reader } from './access-record.js'

/** The stream on which a subject's fence would stand. */
const streamOf = {
  person: (folds: StreamFolds, id: string) => folds.load(person, id),
  breach: (folds: StreamFolds, id: string) => folds.load(breach, id),
  audit: (folds: StreamFolds, id: string) => folds.load(audit, id),
  staff: (folds: StreamFolds, id: string) => folds.load(staff, id),
} as const
/** Whose key a value is sealed under. */
export type Subject = { readonly kind: keyof typeof streamOf; readonly id: string }
export type OpeningAsked = Omit<Access, 'subject' | 'fields' | 'scopes'> & { readonly subject: Subject }

export type OpeningOfRecord = Omit<OpeningAsked, 'subject'> & {
  readonly subjectRef: string
  readonly fields: readonly (readonly [field: string, held: HeldField])[]
}

/** A value to open, and what is known of it before anybody asks the vault. */
export type SealedValue = {
  readonly sealed: Sealed | undefined
  readonly scope: Scope
  /** `<Type>|<path>` of every event field whose values may lie where this one was read. */
  readonly declared: readonly string[]
  /** The code of a field of the record: it stands in the record of the access. */
  readonly field?: string
  /** The view has it as erased, or this reader may not see it: it is not opened. */
  readonly stays?: 'erased' | 'masked' | undefined
}
export type Shown = Opened | 'masked'

/** The vault, behind the record of who reads it: the one place where what is sealed is opened. */
export class RecordedVault {
  constructor(
    private readonly keys: Pick<SubjectKeys, 'open'>,
    private readonly folds: StreamFolds,
    private readonly accesses: AccessRecord,
  ) {}

  /**
   * Answers each value, in order. The fence in the log decides what is erased, not a view and not the vault, which both follow it. The
   * access is on record before anything is opened, also one that opens nothing.
   * @throws StoreUnavailable: then nothing was opened; KeyStoreUnavailable, KeyMissing, SealBroken
   */
  async open(by: Reader, { subject: { kind, id }, ...asked }: OpeningAsked, values: readonly SealedValue[]): Promise<readonly Shown[]> {
    const { closed, erasedIn, ended } = await streamOf[kind](this.folds, id)
    const isErased = ({ sealed, scope }: SealedValue) => closed.has(scope) || (sealed ? ended.has(sealed.kid) : erasedIn.has(scope))
    const standing = values.flatMap(value => (value.sealed && !value.stays && !isErased(value) ? [{ value, sealed: value.sealed }] : []))
    await this.accesses.read(by, {
      ...asked,
      subject: id,
      fields: standing.flatMap(({ value: { field } }) => field ?? []),
      scopes: [...new Set(standing.map(({ value: { scope } }) => scope))].sort(),
    })
    const opened = await this.keys.open(standing.map(({ value: { declared }, sealed }) => ({ subject: id, sealed, declared })))
    const answers = new Map(standing.map(({ value }, n) => [value, opened[n]]))
    return values.map(value => answers.get(value) ?? (value.stays === 'erased' || isErased(value) ? 'erased' : 'masked'))
  }

  /**
   * Fields of one person's record for the machine's own work, such as the index or the next generation of a key: nobody is shown them.
   * One that was erased meanwhile is left out. @throws as `open`
   */
  async held(by: Reader, { subjectRef, fields, ...asked }: OpeningOfRecord): Promise<ReadonlyMap<string, JsonValue>> {
    if (fields.length === 0) return new Map()
    const shown = await this.open(
      by,
      { ...asked, subject: { kind: 'person', id: subjectRef } },
      fields.map(([field, { value, scope }]) => ({ field, sealed: envelopeOf(value), scope, declared: declaredFor(field) })),
    )
    return new Map(
      fields.flatMap(([field], n) => {
        const value = shown[n]
        return typeof value === 'object' ? [[field, value.known] as const] : []
      }),
    )
  }
}

type VaultServices = { keys: Pick<SubjectKeys, 'open'>; folds: StreamFolds; store: EventStore; codec: EventCodec; clock: Clock }
/** With a record of its own, for one run of an operator's command. */
export const recordedVaultOf = ({ keys, folds, store, codec, clock }: Readonly<VaultServices>) =>
  new RecordedVault(keys, folds, new AccessRecord(store, codec, clock))
