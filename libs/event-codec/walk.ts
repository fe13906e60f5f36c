import type { z } from 'zod'
import { canonicalJson } from '#event-kit/canonical'
import type { AnyEventDef } from '#event-kit/event'
import {
  ClearField,
  GroupField,
  ListField,
  OptionalField,
  PersonalField,
  PersonalRecord,
  type Shape,
  SubjectField,
  sealedEnvelope,
} from '#event-kit/field'
import { type KeySubject, homeIn } from '#event-kit/key-subjects'
import { type Category, type Scope, scopeOfCategory } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import { Personal, type Sealed } from '#kernel/personal'
import { SealBroken, type ToSeal } from '#subject-keys/subject-keys'

export type Subject = { readonly kind: KeySubject; readonly id: string; readonly home: string }
/** A personal value found on the way into storage: what to seal, and where to put it. */
export type Leaf = ToSeal & { readonly kind: KeySubject; readonly home: string; readonly put: (sealed: Sealed) => void }
type Mutable = Record<string, JsonValue>
type Subjects = ReadonlyMap<string, Subject>

const recordKey = /^[a-z][A-Za-z0-9]{0,39}$/

/** `<eventId>|<Type>.v<n>|<path>` */
export const placeOf = (eventId: string, def: AnyEventDef, path: string) => `${eventId}|${def.type}.v${def.version}|${path}`

/**
 * Turns an event's data into JSON with a hole for each personal value. @throws TypeError or ZodError for data that the shape does not
 * allow.
 */
export function writeShape(
  shape: Shape,
  data: object,
  place: (path: string) => string,
): { readonly json: Mutable; readonly leaves: readonly Leaf[] } {
  const leaves: Leaf[] = []
  const json = writeGroup(shape, data as Record<string, unknown>, '', new Map(), { place, leaves })
  return { json, leaves }
}

type Writing = { readonly place: (path: string) => string; readonly leaves: Leaf[] }

function writeGroup(shape: Shape, data: Record<string, unknown>, prefix: string, outer: Subjects, writing: Writing): Mutable {
  const json: Mutable = {}
  const subjects = subjectsIn(shape, data, outer)
  for (const name of Object.keys(data))
    if (!Object.hasOwn(shape, name)) throw new TypeError(`${writing.place(prefix)} has a field that its shape does not name`)
  for (const [name, field] of Object.entries(shape)) {
    if (data[name] === undefined && field instanceof OptionalField) continue
    writeField(
      field,
      data[name],
      `${prefix}${name}`,
      subjects,
      data,
      value => {
        json[name] = value
      },
      writing,
    )
  }
  return json
}

function writeField(
  field: unknown,
  value: unknown,
  path: string,
  subjects: Subjects,
  siblings: Record<string, unknown>,
  put: (value: JsonValue) => void,
  writing: Writing,
): void {
  if (field instanceof OptionalField) {
    writeField(field.inner, value, path, subjects, siblings, put, writing)
    return
  }
  if (field instanceof ClearField) {
    put(field.parse(value) as JsonValue)
    return
  }
  if (field instanceof ListField) {
    if (!Array.isArray(value) || value.length > field.max)
      throw new TypeError(`${writing.place(path)} must be a list of at most ${field.max}`)
    const items: JsonValue[] = []
    for (const [n, item] of value.entries())
      writeField(
        field.inner,
        item,
        `${path}.${n}`,
        subjects,
        siblings,
        written => {
          items[n] = written
        },
        writing,
      )
    put(items)
    return
  }
  if (field instanceof GroupField) {
    put(writeGroup(field.shape as Shape, value as Record<string, unknown>, `${path}.`, subjects, writing))
    return
  }
  if (field instanceof PersonalField) {
    writing.leaves.push(leafOf(field as PersonalField<unknown, string>, field.scope, value, path, subjects, put, writing))
    return
  }
  if (field instanceof PersonalRecord) {
    const json: Mutable = {}
    put(json)
    const scope = scopeOfCategory[siblings[(field as PersonalRecord<string>).categoryField] as Category]
    for (const [name, item] of Object.entries(value as Record<string, unknown>)) {
      if (!recordKey.test(name)) throw new TypeError(`${writing.place(path)} has a name that is not a field code`)
      writing.leaves.push(
        leafOf(
          field as PersonalRecord<string>,
          scope,
          item,
          `${path}.${name}`,
          subjects,
          sealed => {
            json[name] = sealed
          },
          writing,
        ),
      )
    }
    return
  }
  throw new TypeError(`${writing.place(path)} is not classified`)
}

function leafOf(
  { of, schema }: { readonly of: string; readonly schema: z.ZodType },
  scope: Scope,
  value: unknown,
  path: string,
  subjects: Subjects,
  put: (value: JsonValue) => void,
  { place }: Writing,
): Leaf {
  if (!(value instanceof Personal)) throw new TypeError(`${place(path)} must be Personal`)
  const plaintext = Personal.look(value, {
    fresh: fresh => canonicalJson(checked(schema, fresh, place(path))),
    sealed: () => {
      throw new TypeError(`${place(path)} is already sealed: open it, or refer to the event that holds it`)
    },
  })
  const { kind, id, home } = subjects.get(of) as Subject
  return { kind, home, subject: id, scope, at: place(path), plaintext, put }
}

/** zod's own message would hold the value. */
function checked(schema: z.ZodType, value: unknown, where: string): JsonValue {
  const result = schema.safeParse(value)
  if (!result.success) throw new TypeError(`${where} does not fit its schema`)
  return result.data as JsonValue
}

function subjectsIn(shape: Shape, data: Record<string, unknown>, outer: Subjects): Subjects {
  const own = Object.entries(shape).flatMap(([name, field]) => {
    if (!(field instanceof SubjectField)) return []
    const id = field.parse(data[name]) as string
    return [[name, { kind: field.kind, id, home: homeIn(field.kind, id, data) }] as const]
  })
  return new Map([...outer, ...own])
}

/** Turns stored JSON back into an event's data: personal values stay sealed. @throws SealBroken when one is not where it was sealed. */
export function readShape(shape: Shape, json: Record<string, unknown>, place: Place): Record<string, unknown> {
  return groupReader(shape)(json, '', place)
}

type Place = (path: string) => string
type Read = (value: unknown, path: string, place: Place) => unknown
type ReadGroup = (json: Record<string, unknown>, prefix: string, place: Place) => Record<string, unknown>
const groupReaders = new WeakMap<Shape, ReadGroup>()

/** A shape is looked into once, and not with every event of it that a stream holds. */
function groupReader(shape: Shape): ReadGroup {
  const known = groupReaders.get(shape)
  if (known) return known
  const parts = Object.entries(shape).map(([name, field]) => ({ name, mayLack: field instanceof OptionalField, read: reader(field) }))
  const read: ReadGroup = (json, prefix, place) => {
    const data: Record<string, unknown> = {}
    for (const { name, mayLack, read } of parts) {
      if (mayLack && json[name] === undefined) continue
      data[name] = read(json[name], prefix + name, place)
    }
    return data
  }
  groupReaders.set(shape, read)
  return read
}

function reader(field: unknown): Read {
  if (field instanceof OptionalField) return reader(field.inner)
  if (field instanceof ClearField) return (value): unknown => field.parse(value)
  if (field instanceof ListField) {
    const one = reader(field.inner)
    return (value, path, place) => (value as unknown[]).map((item, n) => one(item, `${path}.${n}`, place))
  }
  if (field instanceof GroupField) {
    const whole = groupReader(field.shape as Shape)
    return (value, path, place) => whole(value as Record<string, unknown>, `${path}.`, place)
  }
  if (field instanceof PersonalField) return (value, path, place) => sealedHere(value, place(path))
  if (field instanceof PersonalRecord) {
    return (value, path, place) =>
      Object.fromEntries(
        Object.entries(value as Record<string, unknown>).map(([name, item]) => [name, sealedHere(item, place(`${path}.${name}`))]),
      )
  }
  return (_, path, place) => {
    throw new TypeError(`${place(path)} is not classified`)
  }
}

function sealedHere(value: unknown, expected: string): Personal<unknown> {
  const sealed = sealedEnvelope.parse(value)
  if (sealed.at !== expected) throw new SealBroken(expected)
  return Personal.sealed(sealed)
}

/** Every sealed value in an event's decoded data, whatever its shape. */
export function sealedValuesIn(data: unknown): readonly Sealed[] {
  if (data instanceof Personal) return Personal.look<unknown, readonly Sealed[]>(data, { sealed: sealed => [sealed], fresh: () => [] })
  if (Array.isArray(data)) return data.flatMap(sealedValuesIn)
  return data !== null && typeof data === 'object' ? Object.values(data).flatMap(sealedValuesIn) : []
}
