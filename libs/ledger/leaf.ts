import { createHash } from 'node:crypto'
import { isKeptApart } from '#commands/kept-apart'
import { canonicalJson } from '#event-kit/canonical'
import { isCanonicalText } from '#event-kit/canonical-text'
import { NotIJson } from '#event-kit/i-json'
import type { LoggedEvent, Payload } from '#event-store/event-store'
import type { JsonValue } from '#kernel/json'
import { type LeafHeader, type PayloadDigest, digestOf, keptApart } from '#verifier/leaf-header'

/**
 * Says which events are leaves and how: a ledger names the version that it was written with. Version 1: everything that `WholeLog` tells.
 */
export const filterVersion = 1

const ourStream = /^(\$\$)?[a-z]+(-[a-z0-9]+)*$/
const ourType = /^(\$metadata|\$streamDeleted|[A-Z][A-Za-z0-9]{0,99})$/
/** What others named may say anything, about anybody, at any length. */
const opaque = (name: string) => `~${createHash('sha256').update(name).digest('base64url')}`
export const streamInLedger = (stream: string) =>
  stream.length <= 202 && ourStream.test(stream) && !isKeptApart(stream) ? stream : opaque(stream)
/** Nothing but what is kept apart says so: of an event that somebody else named like it, a bundle would leave out what was stored. */
const typeInLedger = (type: string) => (ourType.test(type) && type !== keptApart ? type : opaque(type))

/**
 * What is digested and shown of a payload: canonical JSON where it has one, and otherwise the bytes that were stored. A text stands for its
 * bytes in UTF-8; one that somebody edited in the database may be canonical no longer, or no JSON.
 */
export function storedForm(payload: Payload): { readonly enc: PayloadDigest['enc']; readonly content: string | Uint8Array } {
  if ('bytes' in payload) return { enc: 'raw', content: payload.bytes }
  if ('canonical' in payload) return { enc: isCanonicalText(payload.canonical) ? 'jcs' : 'raw', content: payload.canonical }
  if (isDeeperThan(maxDepth, payload.json)) return { enc: 'raw', content: textOf(payload.json) }
  try {
    return { enc: 'jcs', content: canonicalJson(payload.json) }
  } catch (error) {
    if (!(error instanceof NotIJson)) throw error
    return { enc: 'raw', content: textOf(payload.json) }
  }
}

/**
 * Ours has a few levels; what others wrote may be nested deeper than a call stack is, and must be digested the same way by whoever reads
 * it again.
 */
const maxDepth = 500
function isDeeperThan(depth: number, json: JsonValue): boolean {
  let level: readonly JsonValue[] = [json]
  for (let n = 0; n <= depth; n++) {
    level = level.flatMap(value => (typeof value === 'object' && value !== null ? (Object.values(value) as readonly JsonValue[]) : []))
    if (level.length === 0) return false
  }
  return true
}

/** JSON of any depth: what others wrote may be nested deeper than a call stack is. */
function textOf(json: JsonValue): string {
  const parts: string[] = []
  const left: ({ readonly text: string } | { readonly json: JsonValue })[] = [{ json }]
  for (let next = left.pop(); next; next = left.pop()) {
    if ('text' in next) {
      parts.push(next.text)
      continue
    }
    const value = next.json
    if (typeof value !== 'object' || value === null) {
      parts.push(JSON.stringify(value))
      continue
    }
    const [open, close] = Array.isArray(value) ? (['[', ']'] as const) : (['{', '}'] as const)
    const items = Object.entries(value).flatMap(([name, json], n) => [
      { text: `${n > 0 ? ',' : ''}${open === '{' ? `${JSON.stringify(name)}:` : ''}` },
      { json: json },
    ])
    parts.push(open)
    left.push({ text: close }, ...items.reverse())
  }
  return parts.join('')
}

/**
 * The header of an event's leaf. @param prev the leaf hash, in base64, of its stream's leaf before it: empty where that is not known yet.
 */
export function headerOf(origin: string, event: LoggedEvent, prev: string): LeafHeader {
  const { data, metadata, stream } = event
  const apart = isKeptApart(stream)
  // In the order of canonical JSON, which is then written faster.
  return {
    created: event.recordedAt,
    data: digestOfPayload(data),
    id: event.id,
    kids: apart ? [] : kidsOf(data),
    log: origin,
    meta: digestOfPayload(metadata),
    pos: String(event.position),
    prev,
    rev: String(event.revision),
    stream: streamInLedger(stream),
    type: apart ? keptApart : typeInLedger(event.type),
    v: 1,
  }
}

/**
 * Whether an event of a store that keeps canonical text is none that the service appended: its text is not canonical. What is a leaf would
 * say so truly; that somebody changed it is said where it is met.
 */
export const isEdited = (event: LoggedEvent, { data, meta }: Pick<LeafHeader, 'data' | 'meta'>): boolean =>
  ('canonical' in event.data && data.enc === 'raw') || ('canonical' in event.metadata && meta.enc === 'raw')

function digestOfPayload(payload: Payload): PayloadDigest {
  const { enc, content } = storedForm(payload)
  return digestOf(enc, content)
}

/** More keys than one event of ours can name; of others', a leaf does not say. */
const maxKids = 1_000
const kid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function kidsOf(data: Payload): readonly string[] {
  if ('json' in data) return kidsIn(data.json)
  if (!('canonical' in data) || !data.canonical.includes('"ct":')) return []
  return kidsOfEnvelopes(data.canonical) ?? kidsIn(parsed(data.canonical))
}

const envelope = /\{"at":"[^"]*","ct":"[^"]*","iv":"[^"]*","kid":"([0-9a-f-]{36})","v":1\}/g
/** The same by the text, which is faster: where nothing in it is escaped, and every `ct` is that of an envelope as we write it. */
function kidsOfEnvelopes(text: string): readonly string[] | undefined {
  if (text.includes('\\')) return undefined
  const kids = Array.from(text.matchAll(envelope), ([, key]) => key as string)
  const isWhole = text.split('"ct":').length - 1 === kids.length && kids.length <= maxKids && kids.every(key => kid.test(key))
  return isWhole ? [...new Set(kids)].sort() : undefined
}

/** What somebody made of it in the database may be no JSON: it names no keys then, and its digest differs. */
function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return null
  }
}

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
