import { createHash } from 'node:crypto'
import { canonicalJson } from '#event-kit/canonical'
import { NotIJson } from '#event-kit/i-json'
import type { LoggedEvent, Payload } from '#event-store/event-store'
import type { JsonValue } from '#kernel/json'
import { type LeafHeader, type PayloadDigest, digestOf, entryOf } from '#verifier/leaf-header'

/** Says which events are leaves and how: a ledger names the version that it was written with. Version 1: everything that `WholeLog` tells. */
export const filterVersion = 1

const ourStream = /^(\$\$)?[a-z]+(-[a-z0-9]+)*$/
const ourType = /^(\$metadata|\$streamDeleted|[A-Z][A-Za-z0-9]{0,99})$/
/** What others named may say anything, about anybody, at any length. */
const opaque = (name: string) => `~${createHash('sha256').update(name).digest('base64url')}`
export const streamInLedger = (stream: string) => stream.length <= 202 && ourStream.test(stream) ? stream : opaque(stream)

/** What is digested of a payload: canonical JSON where it has one, and otherwise the bytes that were stored. */
export function storedForm(payload: Payload): { readonly enc: PayloadDigest['enc']; readonly bytes: Uint8Array } {
  if ('bytes' in payload) return { enc: 'raw', bytes: payload.bytes }
  try { return { enc: 'jcs', bytes: Buffer.from(canonicalJson(payload.json)) } } catch (error) {
    if (!(error instanceof NotIJson) && !(error instanceof RangeError)) throw error
    return { enc: 'raw', bytes: Buffer.from(textOf(payload.json)) }
  }
}

/** JSON of any depth: what others wrote may be nested deeper than a call stack is. */
function textOf(json: JsonValue): string {
  const parts: string[] = []
  const left: ({ readonly text: string } | { readonly json: JsonValue })[] = [{ json }]
  for (let next = left.pop(); next; next = left.pop()) {
    if ('text' in next) { parts.push(next.text); continue }
    const value = next.json
    if (typeof value !== 'object' || value === null) { parts.push(JSON.stringify(value)); continue }
    const [open, close] = Array.isArray(value) ? ['[', ']'] as const : ['{', '}'] as const
    const items = Object.entries(value).flatMap(([name, json], n) => [{ text: `${n > 0 ? ',' : ''}${open === '{' ? `${JSON.stringify(name)}:` : ''}` }, { json: json }])
    parts.push(open)
    left.push({ text: close }, ...items.reverse())
  }
  return parts.join('')
}

/** The header of an event's leaf. @param prev the leaf hash, in base64, of its stream's leaf before it. */
export function headerOf(origin: string, event: LoggedEvent, prev: string): LeafHeader {
  const { data, metadata } = event
  return {
    v: 1, log: origin, stream: streamInLedger(event.stream), rev: String(event.revision), id: event.id, type: ourType.test(event.type) ? event.type : opaque(event.type),
    pos: String(event.position), created: event.recordedAt, data: digestOfPayload(data), meta: digestOfPayload(metadata), prev, kids: 'json' in data ? kidsIn(data.json) : [],
  }
}

function digestOfPayload(payload: Payload): PayloadDigest {
  const { enc, bytes } = storedForm(payload)
  return digestOf(enc, bytes)
}

/** More keys than one event of ours can name; of others', a leaf does not say. */
const maxKids = 1_000
const kid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The keys of every sealed envelope, wherever it stands. */
function kidsIn(json: JsonValue): readonly string[] {
  const found = new Set<string>()
  const left: JsonValue[] = [json]
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null) continue
    const { ct, kid: key } = value as Readonly<Record<string, JsonValue | undefined>>
    if (typeof ct === 'string' && typeof key === 'string' && kid.test(key)) found.add(key)
    else for (const item of Object.values(value)) left.push(item)
  }
  return found.size > maxKids ? [] : [...found].sort()
}

/** The bytes that a leaf hashes. */
export const leafOf = (origin: string, event: LoggedEvent, prev: string): Buffer => entryOf(headerOf(origin, event, prev))
