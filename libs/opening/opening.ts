import type { StreamFolds } from '#commands/folds'
import { type Comer, type NoWay, type Way, wayIn } from '#commands/need-to-know'
import { otherRecordsOf } from '#commands/records-of-one'
import type { Policies } from '#commands/policies-in-force'
import { declaredFor } from '#domain/person/details/record'
import { person } from '#domain/person/person'
import { isTrained } from '#domain/staff/staff'
import type { Category, Scope } from '#event-kit/scope'
import type { Clock } from '#kernel/clock'
import type { SubjectRef } from '#kernel/id'
import type { Sealed } from '#kernel/personal'
import { type Refusal, type RefusalCode, refused } from '#kernel/refusals'
import { type Result, accept } from '#kernel/result'
import { type Capability, recordCapabilities } from '#policy/capabilities'
import { type Reach, reachOf } from '#policy/reach'
import { mayOpen, mayReadFor, maySee } from '#policy/reading'
import type { OpeningAsked, RecordedVault, SealedValue, Shown } from './recorded-vault.js'

/** A member of staff at a door, in the role in which they came. */
export type StaffReader = Comer & {
  /** Until when their training is in date, where any is on record. */
  readonly trainedUntil: string | undefined
  readonly correlationId: string
  readonly sourceAddress?: string | undefined
}
/** Somebody who may read for a purpose, and the categories that it is registered for. */
export type Need = { readonly reader: StaffReader; readonly purpose: string; readonly categories: ReadonlySet<Category> }
/** With what lets them at one person's record. */
export type NeedOfRecord = Need & { readonly way: Way }
export type NoNeed = Refusal<'PURPOSE_NOT_REGISTERED'> | NoWay | Refusal<'TRAINING_EXPIRED'>

/** A person's record as a view holds it: what each field is, in the clear, and its value, sealed. */
export type SealedRecord = {
  readonly facts: {
    readonly fields: Readonly<Record<string, { readonly category: Category; readonly scope: Scope; readonly erased: boolean }>>
  }
  readonly values: Readonly<Record<string, Sealed>>
}
/** Whose it is. */
export type RecordOf = SealedRecord & { readonly subjectRef: SubjectRef }
/** Words that are no field of a record; undefined where they are gone. */
export type Words = Omit<SealedValue, 'stays'>

/** Of what words are: of a person only to whom the record is open. */
type WordsAsked = Omit<OpeningAsked, 'subject'>
  & (
    | { readonly subject: { readonly kind: 'breach' | 'audit' | 'staff'; readonly id: string } }
    | { readonly subject: { readonly kind: 'person'; readonly id: string }; readonly way: Way }
  )

/** The one way from a sealed value to somebody who reads it: need-to-know, then the record of the access, then the vault. */
export class Opening {
  constructor(
    private readonly policies: Pick<Policies, 'inForce'>,
    private readonly clock: Clock,
    private readonly vault: RecordedVault,
    private readonly denied: (by: StaffReader, code: RefusalCode, subjectRef?: string) => void,
    private readonly folds: Pick<StreamFolds, 'load'>,
  ) {}

  /** Role ∧ purpose. A denial is on record, with the person whom it was about where that is one. */
  async needToKnow(reader: StaffReader, purpose: string, subjectRef?: string): Promise<Result<Need, NoNeed>> {
    const { purposes } = await this.policies.inForce(this.clock.now())
    const categories = purposes.get(purpose)
    if (!categories) return this.#deny(reader, 'PURPOSE_NOT_REGISTERED', subjectRef)
    if (!mayReadFor(reader.actor.role, purpose)) return this.#deny(reader, 'NO_NEED_TO_KNOW', subjectRef)
    return accept({ reader, purpose, categories })
  }

  /** C37, C38, C47: role ∧ purpose ∧ a way to this person's record. A denial is on record. */
  async needOfRecord(reader: StaffReader, purpose: string, subjectRef: string): Promise<Result<NeedOfRecord, NoNeed>> {
    const need = await this.needToKnow(reader, purpose, subjectRef)
    if (!need.ok) return need
    const way = await this.wayTo(reader, recordCapabilities, subjectRef)
    return way.ok ? accept({ ...need.value, way: way.value }) : way
  }

  /**
   * C37, C38, C47: what lets somebody at what there is of a person, by these rows of the table, with training that is in date: a seal is
   * broken without. A denial is on record.
   */
  async wayTo(
    reader: StaffReader,
    capability: Capability | readonly Capability[],
    subjectRef: string,
  ): Promise<Result<Way, NoWay | Refusal<'TRAINING_EXPIRED'>>> {
    const now = this.clock.now()
    const way = await this.#wayIn(reader, reachOf(reader.actor.role, capability, 'READ'), subjectRef as SubjectRef, now)
    if (!way.ok) return this.#deny(reader, way.refusal.code, subjectRef)
    return isTrained(reader.trainedUntil, now) || way.value.ground === 'BREAK_GLASS'
      ? way
      : this.#deny(reader, 'TRAINING_EXPIRED', subjectRef)
  }

  /**
   * C10: the records of one person are open to whoever is at one of them for the person's sake. That somebody could take the person on
   * opens what they were referred with now, and nothing of before.
   */
  async #wayIn(reader: StaffReader, reach: Reach, subjectRef: SubjectRef, now: string): Promise<Result<Way, NoWay>> {
    const { state } = await this.folds.load(person, subjectRef)
    const own = wayIn(state, subjectRef, reader, reach, now)
    if (own.ok || own.refusal.code === 'CONFLICT_OF_INTEREST') return own
    for (const other of await otherRecordsOf(this.folds, subjectRef, state)) {
      const way = wayIn(other.state, other.subjectRef, reader, reach, now)
      if (!way.ok && way.refusal.code === 'CONFLICT_OF_INTEREST') return way
      if (way.ok && way.value.ground !== 'INTAKE') return way
    }
    return own
  }

  /**
   * The fields of a person's record, each opened, masked where role, category or purpose do not let it be seen, or erased. On record, also
   * where all is masked. @throws as `RecordedVault.open`
   */
  async record(
    { reader, purpose, categories, way }: NeedOfRecord,
    subjectRef: string,
    { facts, values }: SealedRecord,
  ): Promise<Readonly<Record<string, Shown>>> {
    const fields = Object.entries(facts.fields)
    const shown = await this.vault.open(
      { ...reader, ...way },
      { subject: { kind: 'person', id: subjectRef }, purpose, what: 'CASE' },
      fields.map(([field, { category, scope, erased }]) => ({
        field,
        scope,
        sealed: values[field],
        declared: declaredFor(field),
        stays: erased ? 'erased' : maySee(reader.actor.role, category, categories, way) ? undefined : 'masked',
      })),
    )
    return Object.fromEntries(fields.map(([field], n) => [field, shown[n] ?? 'masked']))
  }

  /**
   * C37, C38, C47: one field of each of several people’s records, in one record of the access; masked of whoever’s record is not open to
   * the reader, and left out where a record has no such field. A denial is on record. @throws as `RecordedVault.open`
   */
  async ofEach(
    reader: StaffReader,
    purpose: string,
    field: string,
    records: readonly RecordOf[],
  ): Promise<Result<ReadonlyMap<string, Shown>, NoNeed>> {
    const need = await this.needToKnow(reader, purpose)
    if (!need.ok) return need
    const now = this.clock.now()
    if (!isTrained(reader.trainedUntil, now)) return this.#deny(reader, 'TRAINING_EXPIRED')
    const { role } = reader.actor
    const reach = reachOf(role, recordCapabilities, 'READ')
    const ways = await Promise.all(records.map(({ subjectRef }) => this.#wayIn(reader, reach, subjectRef, now)))
    const held = records.flatMap(({ subjectRef, facts, values }, n) => {
      const [fact, way] = [facts.fields[field], ways[n]]
      return fact && way ? [{ ...fact, id: subjectRef, sealed: values[field], way }] : []
    })
    const open = held.flatMap(({ id, category, scope, erased, sealed, way }) => {
      if (!way.ok) return []
      const stays = erased ? 'erased' : maySee(role, category, need.value.categories, way.value) ? undefined : 'masked'
      const value = { field, scope, sealed, declared: declaredFor(field), stays } as const
      return [{ ...way.value, subject: { kind: 'person', id } as const, values: [value] }]
    })
    const shown = await this.vault.openOfEach(reader, { purpose, what: 'LIST' }, open)
    const opened = new Map(open.map(({ subject: { id } }, n) => [id, shown[n]?.[0]]))
    return accept(new Map(held.map(({ id }) => [id, opened.get(id) ?? 'masked'])))
  }

  /**
   * Words that are no field of a record, such as a breach's summary: for whoever the capability lets read them, on record, and masked for
   * everybody else. What opens nothing is not recorded. @throws as `RecordedVault.open`
   */
  async words(reader: StaffReader, capability: Capability, asked: WordsAsked, words: readonly Words[]): Promise<readonly Shown[]> {
    const may = mayOpen(reader.actor.role, capability)
    if (!may || words.every(({ sealed }) => !sealed)) return words.map(({ sealed }) => (sealed ? 'masked' : 'erased'))
    const { way, ...about } = 'way' in asked ? asked : { ...asked, way: undefined }
    return this.vault.open(
      { ...reader, ...way },
      about,
      words.map(word => ({ ...word, stays: word.sealed ? undefined : 'erased' })),
    )
  }

  /** Fields for the machine's own work within a request, such as an index of two together: the reader is not shown them. */
  held(...asked: Parameters<RecordedVault['held']>): ReturnType<RecordedVault['held']> {
    return this.vault.held(...asked)
  }

  #deny<C extends NoNeed['code']>(reader: StaffReader, code: C, subjectRef?: string) {
    this.denied(reader, code, subjectRef)
    return refused(code)
  }
}
