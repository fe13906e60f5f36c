import type { JsonObject } from '#kernel/json'
import { fromBase64 } from '#merkle/encoding'
import { FormatError, Unsupported } from '#merkle/format-error'
import { tilePath } from '#merkle/tile'
import { parseStrictJson } from './strict-json.js'

/** Where what stands in a bundle. Paths are relative to it, with slashes. */
export const bagDeclaration = 'bagit.txt'
export const bagInfo = 'bag-info.txt'
export const manifestFile = 'manifest-sha256.txt'
export const scopeFile = 'data/scope.json'
export const checkpointFile = 'data/log/checkpoint'
/** The hashes of all leaves, in the layout of c2sp.org/tlog-tiles: whoever has them makes the root. */
export const hashTile = (index: number, width: number) => `data/log/${tilePath({ level: 0, index, width })}`
/** All headers, as entry bundles of c2sp.org/tlog-tiles. */
export const entryTile = (index: number, width: number) => `data/log/${tilePath({ level: 'entries', index, width })}`
/** The headers in scope: a line for each leaf of the tile, empty for one that is not. */
export const headerLines = (index: number) => `data/headers/${linesPath(index)}`
/** What was stored: two lines for each leaf of the tile, its data and its metadata; empty for what is not in scope or no longer there. */
export const payloadLines = (index: number) => `data/payloads/${linesPath(index)}`
export const earlierCheckpoint = (size: number) => `data/checkpoints/${size}.note`
/** A checkpoint as it was shown to a time-stamping authority, and the authority's answer (RFC 3161). */
export const stampedNote = (size: number) => `${anchors}${size}.note`
export const stampFile = (size: number) => `${anchors}${size}.tsr`
export const anchors = 'data/anchors/'
/** Of a pack: the event that names the digest of the manifest, as it was stored, and the proof that it is in the log. */
export const packEvent = 'pack.event.json'
export const packProof = 'pack.tlog-proof'
export const auditFile = (name: string) => `data/audit/${name}`
export const proofFile = (eventId: string) => `data/proofs/${eventId}.tlog-proof`
const linesPath = (index: number) => `${tilePath({ level: 0, index, width: 256 }).slice('tile/0/'.length)}.lines`

/** Bytes that are not canonical JSON stand in a line as base64 behind this; no JSON begins so. */
const rawPrefix = 'raw:'
export const isRaw = (line: string) => line.startsWith(rawPrefix)
export const payloadLine = (enc: 'jcs' | 'raw', content: string | Uint8Array) =>
  enc === 'jcs' ? Buffer.from(content).toString('utf8') : `${rawPrefix}${Buffer.from(content).toString('base64')}`
/** The bytes that were digested. Undefined for an empty line. @throws FormatError for base64 that is none. */
export const payloadOfLine = (line: string): Buffer | undefined =>
  line === '' ? undefined : isRaw(line) ? fromBase64(line.slice(rawPrefix.length), 'A payload behind raw:') : Buffer.from(line)

/** What a bundle says that it holds. */
export type Scope = {
  readonly v: 1
  readonly log: string
  readonly size: number
  readonly kind: 'ALL' | 'STREAM' | 'RANGE'
  /** Of a STREAM: its name. The ledger's own stream is in every scope. */
  readonly stream?: string
  /** Of a RANGE: indices, the first in scope and the first that is not. */
  readonly from?: number
  readonly to?: number
  /** FULL: the headers of all leaves are there. SCOPED: those in scope. */
  readonly headers: 'FULL' | 'SCOPED'
  readonly ledgerStream: string
  readonly counts: { readonly leaves: number; readonly payloads: number }
  readonly reference: string
  readonly madeAt: string
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const isText = (value: unknown) => typeof value === 'string'
const scopeFields: { readonly [F in keyof Required<Omit<Scope, 'v'>>]: (value: unknown) => boolean } = {
  log: isText,
  size: isCount,
  kind: value => value === 'ALL' || value === 'STREAM' || value === 'RANGE',
  stream: value => value === undefined || isText(value),
  from: value => value === undefined || isCount(value),
  to: value => value === undefined || isCount(value),
  headers: value => value === 'FULL' || value === 'SCOPED',
  ledgerStream: isText,
  counts: value =>
    typeof value === 'object'
    && value !== null
    && isCount((value as Scope['counts']).leaves)
    && isCount((value as Scope['counts']).payloads),
  reference: isText,
  madeAt: isText,
}

/** @throws FormatError; Unsupported for another version. */
export function parseScope(bytes: Uint8Array): Scope {
  const value = parseStrictJson(bytes, 'The scope')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormatError('The scope is an object')
  const { v } = value as JsonObject
  if (typeof v === 'number' && v !== 1) throw new Unsupported('A bundle of another version than 1')
  const scope = value as Record<string, unknown>
  if (v !== 1 || !Object.entries(scopeFields).every(([name, fits]) => fits(scope[name])))
    throw new FormatError('The scope has the fields of version 1')
  return value as unknown as Scope
}

/** Whether a leaf is in the scope. */
export const isInScope = ({ kind, stream, from = 0, to = 0, ledgerStream }: Scope, index: number, of: string): boolean =>
  kind === 'ALL' || of === ledgerStream || (kind === 'STREAM' ? of === stream : index >= from && index < to)
