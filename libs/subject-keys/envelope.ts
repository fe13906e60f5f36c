import { createCipheriv, createDecipheriv, createHash, randomFillSync } from 'node:crypto'
import type { Scope } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import type { Sealed } from '#kernel/personal'
import { SealBroken } from './subject-keys.js'

/**
 * What binds a value to its place: version, key, subject, scope and position in the log. Version 1 of the recipe: canonical JSON, written
 * out because it is made for every value.
 */
const aadOf = (kid: string, subject: string, scope: Scope, at: string) =>
  Buffer.from(`{"at":${JSON.stringify(at)},"kid":${JSON.stringify(kid)},"scope":"${scope}","subject":${JSON.stringify(subject)},"v":1}`)

/** Random bytes for IVs, a page at a time; none is given out twice. */
const page = Buffer.alloc(12 * 256)
let used = page.length
function freshIv(): Buffer {
  if (used === page.length) {
    randomFillSync(page)
    used = 0
  }
  used += 12
  return Buffer.from(page.subarray(used - 12, used))
}

/** GCM keeps the length, and the length of a code is the code: pad to 64, 128, 256 … bytes. JSON ignores the spaces. */
function padded(json: string) {
  const length = Buffer.byteLength(json)
  const bytes = Buffer.alloc(Math.max(64, 2 ** Math.ceil(Math.log2(length))), 0x20)
  bytes.write(json)
  return bytes
}

export function sealValue(key: Buffer, kid: string, subject: string, scope: Scope, at: string, plaintext: string): Sealed {
  const iv = freshIv()
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aadOf(kid, subject, scope, at))
  const ct = Buffer.concat([cipher.update(padded(plaintext)), cipher.final(), cipher.getAuthTag()])
  return { v: 1, kid, iv: iv.toString('base64url'), ct: ct.toString('base64url'), at }
}

/** @throws SealBroken when the tag fails. */
export function openValue(key: Buffer, subject: string, scope: Scope, { kid, iv, ct, at }: Sealed): JsonValue {
  const bytes = Buffer.from(ct, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
      .setAAD(aadOf(kid, subject, scope, at))
      .setAuthTag(bytes.subarray(-16))
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')) as JsonValue
  } catch {
    throw new SealBroken(at)
  }
}

/** How many of the values open under any of the keys. */
export function openUnderAny(
  values: readonly Sealed[],
  subject: string,
  keys: readonly { readonly bytes: Buffer; readonly scope: Scope }[],
): number {
  const opens = (sealed: Sealed, { bytes, scope }: { readonly bytes: Buffer; readonly scope: Scope }) => {
    try {
      openValue(bytes, subject, scope, sealed)
      return true
    } catch {
      return false
    }
  }
  return values.filter(sealed => keys.some(key => opens(sealed, key))).length
}

/** Commits to a key without revealing it: AES-GCM alone does not say which key was meant. */
export const keyCommitment = (key: Buffer) => createHash('sha256').update('kc-v1').update(key).digest('base64url')

/** `<eventId>|<Type>.v<n>|<path>` without the event id and the version: where a column says that its values come from. */
export function declaredPlace(at: string): string {
  const place = at.slice(at.indexOf('|') + 1)
  const known = places.get(place)
  if (known !== undefined) return known
  const [typeAndVersion = '', path = ''] = place.split('|')
  const declared = `${typeAndVersion.replace(/\.v\d+$/, '')}|${path.replace(/\.\d+(?=\.|$)/g, '.*')}`
  if (places.size < mostPlaces) places.set(place, declared)
  return declared
}
/** The same few places come again and again. */
const places = new Map<string, string>()
const mostPlaces = 2_000

/** @throws SealBroken when a value was read from where values of another field belong. */
export function assertDeclared(sealed: Sealed, declared: readonly string[]) {
  if (!declared.includes(declaredPlace(sealed.at))) throw new SealBroken(sealed.at)
}
