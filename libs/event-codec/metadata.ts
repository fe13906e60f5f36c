import { z } from 'zod'
import { type ClearField, GroupField, OptionalField, Plain, type Shape, code, group, id, instant, matching, optional } from '#event-kit/field'
import { type Actor, actorRoles } from '#kernel/actor'

/** The lawful basis of one event, in the letters of UK GDPR and the paragraphs of DPA 2018 Schedule 1. */
export type LawfulBasis = { readonly art6: string; readonly art9?: string | undefined; readonly sch1?: string | undefined; readonly provision?: string | undefined }

/**
 * What every event says besides its data (architecture §3). Codes, ids, versions and instants only. The store adds stream, revision, position and
 * recordedAt. Version 1 of the format: add optional fields, never repurpose one.
 */
export type EventMetadata = {
  readonly actor: Actor & { readonly onBehalfOf?: string | undefined }
  readonly purpose: string
  readonly lawfulBasis: LawfulBasis
  readonly noticeVersion: string
  /** The versions of the policies that the decision read: name → version. */
  readonly policies: Readonly<Record<string, string>>
  readonly regime: string
  readonly correlationId: string
  readonly causationId?: string | undefined
  readonly commandId: string
  /** The command's name. */
  readonly command: string
  readonly occurredAt: string
}

const codeText = () => matching(/^[A-Za-z0-9][A-Za-z0-9_.()¶ -]{0,63}$/)
const name = codeText()
const versions = () => new Plain(z.record(name.schema, name.schema), value => isObject(value) && Object.entries(value).every(([policy, version]) => name.fits(policy) && name.fits(version)))
const from1 = () => new Plain(z.int().min(1), value => Number.isSafeInteger(value) && (value as number) >= 1)

const stored = {
  v: new Plain(z.literal(1), value => value === 1),
  schemaVersion: from1(),
  actor: group({ id: id('StaffRef'), role: code(...actorRoles), onBehalfOf: optional(codeText()) }),
  purpose: codeText(),
  lawfulBasis: group({ art6: codeText(), art9: optional(codeText()), sch1: optional(codeText()), provision: optional(matching(/^.{1,120}$/s, z.string().min(1).max(120))) }),
  noticeVersion: codeText(),
  policies: versions(),
  regime: codeText(),
  correlationId: id('CorrelationId'),
  causationId: optional(id('EventId')),
  commandId: id('CommandId'),
  command: codeText(),
  occurredAt: instant(),
} satisfies Shape
type Field = ClearField<unknown> | OptionalField<ClearField<unknown>> | GroupField<Fields>
type Fields = Readonly<Record<string, Field>>

const schemaOf = (fields: Fields): z.ZodType => z.strictObject(Object.fromEntries(Object.entries(fields).map(([key, field]) =>
  [key, field instanceof GroupField ? schemaOf(field.shape) : field instanceof OptionalField ? field.inner.schema.optional() : field.schema])))
const metadataSchema = schemaOf(stored)
export type StoredMetadata = { readonly v: 1; readonly schemaVersion: number } & EventMetadata

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
type Fits = (value: unknown) => boolean
/** What the schema would answer as it is, without asking it: metadata is read with every event. */
function fitsOf(fields: Fields): Fits {
  const parts = Object.entries(fields).map(([key, field]): { readonly key: string; readonly mayLack: boolean; readonly fits: Fits } => {
    const inner = field instanceof OptionalField ? field.inner : field
    return { key, mayLack: field instanceof OptionalField, fits: inner instanceof GroupField ? fitsOf(inner.shape) : inner.fits }
  })
  return value => {
    if (!isObject(value)) return false
    let found = 0
    for (const { key, mayLack, fits } of parts) {
      const item = value[key]
      if (item === undefined ? !mayLack : !fits(item)) return false
      if (item !== undefined) found++
    }
    return Object.keys(value).length === found
  }
}
const fits = fitsOf(stored)
const parsed = (value: unknown) => (fits(value) ? value : metadataSchema.parse(value)) as StoredMetadata

/** @throws ZodError for metadata that is not of this format. */
export const encodeMetadata = (schemaVersion: number, metadata: EventMetadata): StoredMetadata =>
  parsed(JSON.parse(JSON.stringify({ v: 1, schemaVersion, ...metadata })))

/** @throws ZodError */
export function decodeMetadata(value: unknown): { readonly schemaVersion: number; readonly metadata: EventMetadata } {
  const { v: _, schemaVersion, ...metadata } = parsed(value)
  return { schemaVersion, metadata }
}
