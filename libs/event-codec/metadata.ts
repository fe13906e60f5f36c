import { z } from 'zod'
import { type Actor, actorRoles } from '#kernel/actor'

const uuid = z.uuid()
const codeText = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.()¶ -]{0,63}$/)

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

const metadataSchema = z.strictObject({
  v: z.literal(1),
  schemaVersion: z.int().min(1),
  actor: z.strictObject({ id: uuid, role: z.enum(actorRoles), onBehalfOf: codeText.optional() }),
  purpose: codeText,
  lawfulBasis: z.strictObject({ art6: codeText, art9: codeText.optional(), sch1: codeText.optional(), provision: z.string().min(1).max(120).optional() }),
  noticeVersion: codeText,
  policies: z.record(codeText, codeText),
  regime: codeText,
  correlationId: uuid,
  causationId: uuid.optional(),
  commandId: uuid,
  command: codeText,
  occurredAt: z.iso.datetime(),
})
export type StoredMetadata = z.infer<typeof metadataSchema>

/** @throws ZodError for metadata that is not of this format. */
export const encodeMetadata = (schemaVersion: number, metadata: EventMetadata): StoredMetadata =>
  metadataSchema.parse(JSON.parse(JSON.stringify({ v: 1, schemaVersion, ...metadata })))

export function decodeMetadata(stored: unknown): { readonly schemaVersion: number; readonly metadata: EventMetadata } {
  const { v: _, schemaVersion, ...metadata } = metadataSchema.parse(stored)
  return { schemaVersion, metadata: metadata as unknown as EventMetadata }
}
