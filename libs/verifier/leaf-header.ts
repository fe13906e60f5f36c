import { canonicalJson } from '#event-kit/canonical'
import { NotIJson } from '#event-kit/i-json'
import type { JsonObject, JsonValue } from '#kernel/json'
import { fromUtf8 } from '#merkle/encoding'
import { FormatError, Unsupported } from '#merkle/format-error'
import { sha256Text } from '#merkle/sha256'
import { isInstant } from './instant.js'
import { parseStrictJson } from './strict-json.js'

/**
 * What a leaf says of an event's data or metadata: `jcs` digests their canonical JSON, personal values sealed; `raw` the bytes of what is
 * not I-JSON, or nested deeper than 500 levels.
 */
export type PayloadDigest = { readonly enc: 'jcs' | 'raw'; readonly sha256: string; readonly len: number }
/**
 * A leaf of the ledger, version 1: all that is hashed of an event. Payloads stand in it by digest only, so that it stays what it is when
 * they are shredded. Numbers of 64 bits are decimal strings; hashes are base64.
 */
export type LeafHeader = {
  readonly v: 1
  /** The log's origin. */
  readonly log: string
  /** The stream's name or, where it is not one of ours, `~` and a digest of it. */
  readonly stream: string
  readonly rev: string
  readonly id: string
  readonly type: string
  readonly pos: string
  readonly created: string
  readonly data: PayloadDigest
  readonly meta: PayloadDigest
  /** The leaf hash of the stream's leaf before this one; empty for the first that the ledger saw of the stream. */
  readonly prev: string
  /** The keys that seal values of this event, sorted. */
  readonly kids: readonly string[]
}

/**
 * The type in the leaf of what is there for a few only, such as an incident’s parties. A bundle leaves out what was stored of it, and is
 * whole without; what such an event is, and on which stream, is in its digests alone.
 */
export const keptApart = 'KeptApart'

/** c2sp.org/tlog-tiles: an entry's length is 16 bits. */
const maxEntryBytes = 65_535

/** An entry: RFC 8785, of which a leaf hashes the bytes in UTF-8. @throws FormatError when they are too many. */
export function entryOf(header: LeafHeader): string {
  const entry = plainEntryOf(header) ?? canonicalJson(header)
  if (Buffer.byteLength(entry) > maxEntryBytes) throw new FormatError('A leaf is at most 65,535 bytes')
  return entry
}

/** Written by its form, where no text in it has to be escaped: several times faster than as any other JSON. */
function plainEntryOf({ created, data, id, kids, log, meta, pos, prev, rev, stream, type }: LeafHeader): string | undefined {
  for (const text of [created, data.enc, data.sha256, id, log, meta.enc, meta.sha256, pos, prev, rev, stream, type])
    if (!plainText.test(text)) return undefined
  for (const kid of kids) if (!plainText.test(kid)) return undefined
  if (!Number.isSafeInteger(data.len) || !Number.isSafeInteger(meta.len)) return undefined
  return (
    `{"created":"${created}","data":{"enc":"${data.enc}","len":${data.len},"sha256":"${data.sha256}"},"id":"${id}",`
    + `"kids":[${kids.length === 0 ? '' : `"${kids.join('","')}"`}],"log":"${log}",`
    + `"meta":{"enc":"${meta.enc}","len":${meta.len},"sha256":"${meta.sha256}"},"pos":"${pos}",`
    + `"prev":"${prev}","rev":"${rev}","stream":"${stream}","type":"${type}","v":1}`
  )
}

const base64Hash = /^[A-Za-z0-9+/]{43}=$/
const decimal = /^(0|[1-9][0-9]{0,18})$/
const isText = (value: unknown): value is string => typeof value === 'string'
const isDigest = (value: unknown) =>
  isExactly(value, {
    enc: one => one === 'jcs' || one === 'raw',
    sha256: one => isText(one) && base64Hash.test(one),
    len: one => Number.isSafeInteger(one) && (one as number) >= 0,
  })
/** One test a field: an object of exactly these. */
const fields: { readonly [F in Exclude<keyof LeafHeader, 'v'>]: (value: unknown) => boolean } = {
  log: value => isText(value) && value !== '',
  stream: value => isText(value) && value !== '',
  rev: value => isText(value) && decimal.test(value),
  id: value => isText(value) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value),
  type: value => isText(value) && value !== '',
  pos: value => isText(value) && decimal.test(value),
  created: value => isText(value) && isInstant(value),
  data: isDigest,
  meta: isDigest,
  prev: value => value === '' || (isText(value) && base64Hash.test(value)),
  kids: value => Array.isArray(value) && value.every(isText),
}
const isExactly = (value: unknown, tests: Readonly<Record<string, (value: unknown) => boolean>>): value is Record<string, unknown> =>
  typeof value === 'object'
  && value !== null
  && !Array.isArray(value)
  && Object.keys(value).length === Object.keys(tests).length
  && Object.entries(tests).every(([name, fits]) => fits((value as Record<string, unknown>)[name]))

/**
 * An entry as nearly all are: of the form of version 1, in ASCII, and nothing in it escaped. Such a text is canonical, and to see that is
 * four times faster than to parse it and write it again.
 */
const [plain, digestForm] = ['[ !#-[\\]-~]', '\\{"enc":"(jcs|raw)","len":(0|[1-9]\\d{0,14}),"sha256":"([A-Za-z0-9+/]+=)"\\}']
const plainText = new RegExp(`^${plain}*$`)
const plainEntry = new RegExp(
  `^\\{"created":"([^"]{24})","data":${digestForm},"id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",`
    + `"kids":\\[((?:"${plain}*"(?:,"${plain}*")*)?)\\],"log":"(${plain}+)","meta":${digestForm},"pos":"(0|[1-9]\\d{0,18})",`
    + `"prev":"(|[A-Za-z0-9+/]+=)","rev":"(0|[1-9]\\d{0,18})","stream":"(${plain}+)","type":"(${plain}+)","v":1\\}$`,
)

function headerOfPlain(entry: string): LeafHeader | undefined {
  const found = plainEntry.exec(entry)
  if (!found) return undefined
  const [, created, enc, len, sha256, id, kids, log, metaEnc, metaLen, metaSha256, pos, prev, rev, stream, type] =
    found as unknown as string[]
  // A count in the form would take a third longer.
  if (sha256?.length !== 44 || metaSha256?.length !== 44 || (prev !== '' && prev?.length !== 44) || !isInstant(created as string))
    return undefined
  return {
    v: 1,
    log,
    stream,
    rev,
    id,
    type,
    pos,
    created,
    data: { enc, sha256, len: Number(len) },
    meta: { enc: metaEnc, sha256: metaSha256, len: Number(metaLen) },
    prev,
    kids: kids === '' ? none : (kids as string).slice(1, -1).split('","'),
  } as LeafHeader
}
const none: readonly string[] = []

/** @throws FormatError for an entry that is not canonical JSON of this form, byte for byte; Unsupported for another version. */
export function parseEntry(entry: Buffer): LeafHeader {
  return headerOfPlain(entry.toString('latin1')) ?? parsed(entry)
}

/** Whether `parseEntry` reads it. */
export function isEntry(entry: string): boolean {
  if (headerOfPlain(entry)) return true
  try {
    parsed(Buffer.from(entry))
    return true
  } catch (error) {
    if (error instanceof FormatError || error instanceof Unsupported) return false
    throw error
  }
}

function parsed(entry: Buffer): LeafHeader {
  const text = fromUtf8(entry, 'A leaf')
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue
  } catch {
    throw new FormatError('A leaf is JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormatError('A leaf is an object')
  const { v } = value as JsonObject
  if (typeof v === 'number' && v !== 1) {
    parseStrictJson(text, 'A leaf')
    throw new Unsupported('A leaf of another version than 1')
  }
  if (!isExactly(value, { v: one => one === 1, ...fields })) throw new FormatError('A leaf has exactly the fields of version 1')
  // Whatever JSON.parse forgives, such as a name that stands twice, does not come back the same.
  if (canonicalOf(value) !== text) throw new FormatError('A leaf is canonical JSON (RFC 8785)')
  return value as unknown as LeafHeader
}

function canonicalOf(value: JsonValue): string | undefined {
  try {
    return canonicalJson(value)
  } catch (error) {
    if (error instanceof NotIJson) return undefined
    throw error
  }
}

/** Of bytes, or of a text in UTF-8. */
export const digestOf = (enc: PayloadDigest['enc'], content: string | Uint8Array): PayloadDigest => ({
  enc,
  len: Buffer.byteLength(content),
  sha256: sha256Text(content, 'base64'),
})
