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
import { type Access, AccessRecord, type ReadOf, type Reader } from './access-record.js'

/** The stream on which a subject's fence would stand. */
const streamOf = {
  person: (folds: StreamFolds, id: string) => folds.load(person, id),
  breach: (folds: StreamFolds, id: string) => folds.load(breach, id),
  audit: (folds: StreamFolds, id: string) => folds.load(audit, id),
  staff: (folds: StreamFolds, id: string) => folds.load(staff, id),
} as const
/** Whose key a value is sealed under. */
export type Subject = { readonly kind: keyof typeof streamOf; readonly id: string }
type Asked = Omit<Access, 'fields' | 'scopes'>
export type OpeningAsked = Asked & { readonly subject: Subject }
/** Values of one of several subjects, and what lets the reader at them. */
export type OfOne = Pick<ReadOf, 'ground' | 'grantId'> & { readonly subject: Subject; readonly values: readonly SealedValue[] }

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
  async open(by: Reader, { subject, ...asked }: OpeningAsked, values: readonly SealedValue[]): Promise<readonly Shown[]> {
    const { ground, grantId } = by
    const [shown = []] = await this.openOfEach(by, asked, [{ subject, ground, grantId, values }])
    return shown
  }

  /** The values of several subjects at once, in one record of the access that names them all; of nobody, none. @throws as `open` */
  async openOfEach(by: Reader, asked: Asked, all: readonly OfOne[]): Promise<readonly (readonly Shown[])[]> {
    const [first, ...others] = all.map(({ subject: { id }, ground, grantId }) => ({ subject: id, ground, grantId }))
    if (!first) return []
    const each = await Promise.all(all.map(one => this.#lookedAt(one)))
    const standing = each.flat().filter(value => typeof value === 'object')
    const scopes = [...new Set(standing.map(({ value: { scope } }) => scope))].sort()
    const fields = [...new Set(standing.flatMap(({ value: { field } }) => field ?? []))]
    await this.accesses.read(by, { ...asked, fields, scopes }, first, others)
    const opened = await this.keys.open(standing.map(({ subject, value: { declared }, sealed }) => ({ subject, sealed, declared })))
    const answers = new Map(standing.map((value, n) => [value, opened[n]]))
    return each.map(values => values.map(value => (typeof value === 'object' ? (answers.get(value) ?? 'masked') : value)))
  }

  /** What is to be opened of one subject’s values, and what the others stay. */
  async #lookedAt({ subject: { kind, id }, values }: OfOne) {
    const { closed, erasedIn, ended } = await streamOf[kind](this.folds, id)
    return values.map(value => {
      const { sealed, scope, stays } = value
      const isErased = closed.has(scope) || (sealed ? ended.has(sealed.kid) : erasedIn.has(scope))
      if (isErased || stays === 'erased') return 'erased'
      return sealed && !stays ? { subject: id, value, sealed } : 'masked'
    })
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
