import { createHash, createHmac, randomUUID } from 'node:crypto'
import type { Id } from '#kernel/id'

/** The one home of ids outside the vault. All are random, or derived from a random or keyed id; none from a person. */
function asUuid(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const framed = (parts: readonly string[]) => parts.map(part => `${Buffer.byteLength(part)}:${part}`).join('')

export const newId = <B extends string>(): Id<B> => randomUUID() as string as Id<B>

/** HMAC(service key, actor ‖ method ‖ route ‖ idempotency key): the same command has the same id, and nobody outside can guess it. */
export const commandIdOf = (serviceKey: string, actor: string, method: string, route: string, idempotencyKey: string): string =>
  asUuid(
    createHmac('sha256', serviceKey)
      .update(framed(['command-v1', actor, method, route, idempotencyKey]))
      .digest(),
  )

/** A thing that a command creates, so that a repeated creation meets its own stream. */
export const derivedId = <B extends string>(commandId: string, what: string): Id<B> =>
  asUuid(
    createHash('sha256')
      .update(framed(['derived-v1', commandId, what]))
      .digest(),
  ) as Id<B>

/** The id of one event of a command. */
export const eventIdOf = (stream: string, commandId: string, ordinal: string): string =>
  asUuid(
    createHash('sha256')
      .update(framed(['event-v1', stream, commandId, ordinal]))
      .digest(),
  )

/**
 * One person in one incident. Whoever has the service's key finds from both references whether somebody was in it, and nobody from one of
 * them, or from this id, the other.
 */
export const involvementOf = (serviceKey: string, incidentId: string, ref: string): Id<'InvolvementId'> =>
  asUuid(
    createHmac('sha256', serviceKey)
      .update(framed(['involvement-v1', incidentId, ref]))
      .digest(),
  ) as Id<'InvolvementId'>

/** Detects the misuse of an idempotency key: an HMAC under a random key that lives and dies with the row. */
export const bodyDigest = (key: Buffer, body: string): Buffer => createHmac('sha256', key).update(body).digest()
