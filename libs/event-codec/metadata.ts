import { z } from 'zod'
import { Plain, code, exactly, instant, mapOf, matching, optional, theNumber, uuidAsWritten } from '#event-kit/field'
import { type Actor, actorRoles } from '#kernel/actor'
import type { LawfulBasis } from '#kernel/lawful-basis'
import { NewerEvent } from '#kernel/newer-event'

/**
 * What every event says besides its data, in the clear (ADR-0004). Codes, ids, versions and instants only. The store adds stream,
 * revision, position and recordedAt. Version 1 of the format: add optional fields, never repurpose one.
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

const codeText = matching(/^[A-Za-z0-9][A-Za-z0-9_.()¶ -]{0,63}$/)
const uuid = uuidAsWritten()
export type StoredMetadata = { readonly v: 1; readonly schemaVersion: number } & EventMetadata
const stored = exactly<StoredMetadata>({
  v: theNumber(1),
  schemaVersion: new Plain(z.int().min(1), value => Number.isSafeInteger(value) && (value as number) >= 1),
  actor: exactly<EventMetadata['actor']>({ id: uuidAsWritten(), role: code(...actorRoles), onBehalfOf: optional(codeText) }),
  purpose: codeText,
  lawfulBasis: exactly<LawfulBasis>({
    art6: codeText,
    art9: optional(codeText),
    sch1: optional(codeText),
    provision: optional(matching(/^.{1,120}$/s)),
  }),
  noticeVersion: codeText,
  policies: mapOf(codeText, codeText),
  regime: codeText,
  correlationId: uuid,
  causationId: optional(uuid),
  commandId: uuid,
  command: codeText,
  occurredAt: instant(),
})

/** @throws ZodError for metadata that is not of this format. */
export const encodeMetadata = (schemaVersion: number, metadata: EventMetadata): StoredMetadata =>
  stored.parse(JSON.parse(JSON.stringify({ v: 1, schemaVersion, ...metadata })))

/** @throws NewerEvent for a form of metadata that came after this one; ZodError */
export function decodeMetadata(value: unknown, type = 'Event'): { readonly schemaVersion: number; readonly metadata: EventMetadata } {
  const { v } = value as { readonly v?: unknown }
  if (typeof v === 'number' && Number.isSafeInteger(v) && v > 1) throw new NewerEvent(type, `with metadata v${v}`)
  const { v: _, schemaVersion, ...metadata } = stored.parse(value)
  return { schemaVersion, metadata }
}
