import { z } from 'zod'
import { hasAtMost } from '#kernel/characters'
import type { Id } from '#kernel/id'
import { type JsonValue, isObject } from '#kernel/json'
import type { Sealed } from '#kernel/personal'
import type { KeySubject } from './key-subjects.js'
import { type Category, type Scope, categories } from './scope.js'

/** Every field of an event is one of these. A bare schema is not a field: unclassified data does not compile. */
/* eslint-disable @typescript-eslint/no-explicit-any -- ADR-0002: the field types are invariant; a shape may hold any of them */
export type Field =
  | Plain<any>
  | SubjectField<any>
  | PersonalField<any, string>
  | PersonalRecord<string>
  | OptionalField<any>
  | ListField<any>
  | GroupField<any>
/* eslint-enable @typescript-eslint/no-explicit-any */
export type Shape = Readonly<Record<string, Field>>

/**
 * Whether the schema would answer a value as it is: true only if it would; false says nothing. Every event that is read is checked, and
 * most values are as they should be.
 */
type Fits = (value: unknown) => boolean
const askTheSchema: Fits = () => false

/** A field that is stored in the clear. */
export abstract class ClearField<T> {
  constructor(
    readonly schema: z.ZodType<T>,
    readonly fits: Fits,
  ) {}
  /** The value as the schema answers it. @throws ZodError */
  parse(value: unknown): T {
    return this.fits(value) ? (value as T) : this.schema.parse(value)
  }
}
export class Plain<T> extends ClearField<T> {
  readonly #nominal = true
  constructor(schema: z.ZodType<T>, fits = askTheSchema) {
    super(schema, fits)
  }
}
/** An instant in UTC. */
export class InstantField extends Plain<string> {}
/** The instant at which an event happened, by its own account. */
export class HappenedAt extends InstantField {}
export class SubjectField<T> extends ClearField<T> {
  readonly #nominal = true
  constructor(
    readonly kind: KeySubject,
    schema: z.ZodType<T>,
    fits: Fits,
  ) {
    super(schema, fits)
  }
}
/** Any JSON. */
export const jsonValue = z.json() as unknown as z.ZodType<JsonValue>

export class PersonalField<T, Of extends string> {
  readonly #nominal = true
  constructor(
    readonly of: Of,
    readonly scope: Scope,
    readonly schema: z.ZodType<T>,
  ) {}
}
/**
 * Named personal values of one category, each sealed by itself: the names are clear field codes, the scope follows from the clear
 * `category` field.
 */
export class PersonalRecord<Of extends string> {
  readonly #nominal = true
  readonly schema = jsonValue
  constructor(
    readonly of: Of,
    readonly categoryField: string,
  ) {}
}
export class OptionalField<F> {
  readonly #nominal = true
  constructor(readonly inner: F) {}
}
export class ListField<F> {
  readonly #nominal = true
  constructor(
    readonly inner: F,
    readonly max: number,
  ) {}
}
export class GroupField<S> {
  readonly #nominal = true
  constructor(readonly shape: S) {}
}

const uuid = <B extends string>() => z.uuid().toLowerCase() as unknown as z.ZodType<Id<B>>
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const isUuid: Fits = value => typeof value === 'string' && uuidForm.test(value)
/** Text of one form. */
export const matching = <T extends string = string>(form: RegExp) =>
  new Plain<T>(z.string().regex(form) as unknown as z.ZodType<T>, value => typeof value === 'string' && form.test(value))

/** The id of one kind of thing. */
export const id = <const B extends string>(_of: B) => new Plain<Id<B>>(uuid(), isUuid)
/** One of a closed list of codes. */
export const code = <const V extends readonly [string, ...string[]]>(...values: V) => {
  const known = new Set<unknown>(values)
  return new Plain(z.enum(values), value => known.has(value))
}
/** A kind of personal data, as `scope.ts` has them. */
export const category = (): Plain<Category> => code(...categories)
/**
 * A code from a register that is policy data (a purpose, a recipient, a form): its shape is closed here, its meaning by the policy
 * version.
 */
export const policyCode = () => matching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/)
/** `<category>.<name>` from the field schemas of the policy. */
export const fieldCode = () => matching(/^[A-Z]{2,3}(-[A-Z]{1,2})?\.[a-z][A-Za-z0-9]{0,39}$/)
/** UTC, RFC 3339. */
export const instant = () => {
  const { schema, fits } = matching(z.regexes.datetime({}))
  return new InstantField(schema, fits)
}
/**
 * When it happened, as whoever told of it says: the `occurredAt` of the event's metadata. An event without one happened when it was
 * recorded.
 */
export const happenedAt = () => {
  const { schema, fits } = instant()
  return new HappenedAt(schema, fits)
}
/** A calendar date in Europe/London. */
export const date = () => matching(z.regexes.date)
export const count = () => new Plain<number>(z.int().min(0), value => Number.isSafeInteger(value) && (value as number) >= 0)
export const flag = () => new Plain<boolean>(z.boolean(), value => typeof value === 'boolean')
/** An HMAC-SHA256 of something that somebody who has the key can look for. */
export const keyedDigest = () => matching(/^[A-Za-z0-9_-]{43}$/)
/** A stream position: a decimal string, because it may pass 2^53. */
export const position = () => matching(/^(0|[1-9][0-9]{0,18})$/)
/** The origin of a transparency log: a name like a URL without its scheme. */
export const logOrigin = () => matching(/^[a-z0-9][a-z0-9.-]{0,100}(\/[A-Za-z0-9._-]{1,64}){0,4}$/)
/** A public key in the form of c2sp.org/signed-note: name, id and key. */
export const verifierKeyText = () => matching(/^[a-z0-9][A-Za-z0-9._\/-]{0,400}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{1,100}={0,2}$/)
/** The root of a Merkle tree, base64. */
export const rootHash = () => matching(/^[A-Za-z0-9+/]{43}=$/)
/**
 * The name of a stream as the audit ledger has it: of ours, of what a server says of one, or a digest of a name that somebody else gave.
 */
export const streamName = () => matching(/^((\$\$)?[a-z]+(-[a-z0-9]+)*|~[A-Za-z0-9_-]{43})$/)
/** 32 random bytes that somebody throws dice for, in hexadecimal. */
export const hexSeed = () => matching(/^[0-9a-f]{64}$/)
/** SHA-256 over sealed bytes or key material, base64url. Never over plaintext: a guessable digest is a leak that cannot be repaired. */
export const digestOfSealed = () => matching(/^[A-Za-z0-9_-]{43}$/)

/** The subject whose keys seal the personal fields that name this field. */
export const subject = <const B extends KeySubject>(of: B) => new SubjectField<Id<B>>(of, uuid<B>(), isUuid)
const mostCharacters = 10_000
/** As long as a door takes them: in characters, of which one outside the basic plane is one. */
const words = z
  .string()
  .min(1)
  .refine(text => hasAtMost(text, mostCharacters))
/** A value about the subject named by another field of the same event, sealed under that subject's key for the scope. */
export const personal = {
  text: <const Of extends string>(of: Of, scope: Scope) => new PersonalField<string, Of>(of, scope, words),
  date: <const Of extends string>(of: Of, scope: Scope) => new PersonalField<string, Of>(of, scope, z.iso.date()),
  value: <const Of extends string, T>(of: Of, scope: Scope, schema: z.ZodType<T>) => new PersonalField<T, Of>(of, scope, schema),
  record: <const Of extends string>(of: Of, categoryField: string) => new PersonalRecord<Of>(of, categoryField),
}
/* eslint-disable @typescript-eslint/no-explicit-any -- ADR-0002 */
export const optional = <F extends Plain<any> | PersonalField<any, string> | ListField<any> | GroupField<any>>(field: F) =>
  new OptionalField<F>(field)
/** @param max the longest list that is accepted; limits on everything. */
export const list = <F extends Plain<any> | PersonalField<any, string> | GroupField<any>>(field: F, max = 200) =>
  new ListField<F>(field, max)
/* eslint-enable @typescript-eslint/no-explicit-any */
/** A nested object. Its personal fields name a subject of its own or of the event around it. */
export const group = <S extends Shape>(shape: S) => new GroupField<S>(shape)
/** The one way to store free text in the clear: name the decision that allows it. */
export const notPersonal = <T>(schema: z.ZodType<T>, _because: `ADR-${number}`) => new Plain(schema)

type PartsOf<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? OptionalField<ClearField<Exclude<T[K], undefined>>> : ClearField<T[K]>
}
/**
 * A clear object of exactly these fields, for what the machinery stores beside an event's own data: a type and its fields cannot
 * disagree, and nothing more is taken.
 */
export function exactly<T extends object>(fields: PartsOf<T>): Plain<T> {
  const parts = Object.entries<ClearField<unknown> | OptionalField<ClearField<unknown>>>(fields).map(([key, field]) =>
    field instanceof OptionalField ? { key, mayLack: true, field: field.inner } : { key, mayLack: false, field },
  )
  const schema = z.strictObject(
    Object.fromEntries(parts.map(({ key, mayLack, field }) => [key, mayLack ? field.schema.optional() : field.schema])),
  )
  return new Plain<T>(schema as unknown as z.ZodType<T>, value => {
    if (!isObject(value)) return false
    let found = 0
    for (const { key, mayLack, field } of parts) {
      const item = value[key]
      if (item === undefined ? !mayLack : !field.fits(item)) return false
      if (item !== undefined) found++
    }
    return Object.keys(value).length === found
  })
}
/** Names to values, as many as there are. */
export const mapOf = (name: Plain<string>, item: Plain<string>) =>
  new Plain<Readonly<Record<string, string>>>(
    z.record(name.schema, item.schema),
    value => isObject(value) && Object.entries(value).every(([key, one]) => name.fits(key) && item.fits(one)),
  )
export const theNumber = <const N extends number>(only: N) => new Plain<N>(z.literal(only), value => value === only)
/** A UUID as it stands, in whatever case: what is authenticated or only passed on is not put into another form. */
export const uuidAsWritten = <T extends string = string>() => matching<T>(z.regexes.uuid())

/** A personal value in storage, version 1 of the envelope. */
export const sealedEnvelope = exactly<Sealed>({
  v: theNumber(1),
  kid: uuidAsWritten(),
  iv: matching(/^/),
  ct: matching(/^/),
  at: matching(/^/),
})
