import { createHash } from 'node:crypto'
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
export const auditFile = (name: string) => `${auditFiles}${name}`
export const proofFile = (eventId: string) => `${proofFiles}${eventId}.tlog-proof`
const linesPath = (index: number) => `${tilePath({ level: 0, index, width: 256 }).slice('tile/0/'.length)}.lines`

/** Bytes that are not canonical JSON stand in a line as base64 behind this; no JSON begins so. */
const rawPrefix = 'raw:'
export const isRaw = (line: string) => line.startsWith(rawPrefix)
export const payloadLine = (enc: 'jcs' | 'raw', content: string | Uint8Array) =>
  enc === 'jcs' ? Buffer.from(content).toString('utf8') : `${rawPrefix}${Buffer.from(content).toString('base64')}`
/** The bytes that were digested, and how they stand in their line. Undefined for an empty line. @throws FormatError for loose base64. */
export function payloadOfLine(line: Buffer): { readonly enc: 'jcs' | 'raw'; readonly bytes: Buffer } | undefined {
  if (line.length === 0) return undefined
  if (line[0] === rawPrefix.charCodeAt(0) && line.subarray(0, rawPrefix.length).equals(rawBytes))
    return { enc: 'raw', bytes: fromBase64(line.toString('latin1', rawPrefix.length), 'A line of raw bytes') }
  return { enc: 'jcs', bytes: line }
}
const rawBytes = Buffer.from(rawPrefix)

/** What bagit.txt holds, whatever the bundle is of. */
export const bagDeclared = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'
/** What bag-info.txt says: nothing that the scope does not. */
export const bagInfoText = ({ log, madeAt, reference }: Pick<Scope, 'log' | 'madeAt' | 'reference'>) =>
  `Source-Organization: ${log}\nBagging-Date: ${madeAt.slice(0, 10)}\nExternal-Identifier: ${reference}\nBag-Software-Agent: Caseledger\n`
/** For reading: what they say is derived from the leaves in scope. */
export const [jsonlFile, csvFile, fhirFile] = ['data/events.jsonl', 'data/events.csv', 'data/fhir-auditevents.ndjson']
export const proofFiles = 'data/proofs/'
export const auditFiles = 'data/audit/'

/** SHA-256 of a ledger's origin, shortened: it stands in the name of its stream. */
export const ledgerId = (origin: string) => createHash('sha256').update(origin).digest('hex').slice(0, 32)
/** The stream in which a ledger speaks of itself. */
export const ledgerStream = (origin: string) => `ledger-${ledgerId(origin)}`

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

/** SHA-256 over what a bundle says of itself, in this order: the ledger has it on record. */
export const scopeDigestOf = ({ kind, stream, from, to, headers, size, counts, reference, v, log, ledgerStream, madeAt }: Scope): string =>
  createHash('sha256')
    .update(
      JSON.stringify({
        ...{ kind, stream, from, to, headers, size },
        counts: { leaves: counts.leaves, payloads: counts.payloads },
        ...{ reference, v, log, ledgerStream, madeAt },
      }),
    )
    .digest('base64url')

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

const ofKind: Readonly<Record<Scope['kind'], readonly string[]>> = { ALL: [], STREAM: ['stream'], RANGE: ['from', 'to'] }
const ofSomeKind = new Set(Object.values(ofKind).flat())
/** What a scope says more than this verifier knows of its kind. */
export function unknownIn(scope: Scope): readonly string[] {
  const known = new Set(['v', ...Object.keys(scopeFields).filter(name => !ofSomeKind.has(name)), ...ofKind[scope.kind]])
  return [
    ...Object.keys(scope).filter(name => !known.has(name)),
    ...Object.keys(scope.counts).flatMap(name => (name === 'leaves' || name === 'payloads' ? [] : `counts.${name}`)),
  ].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** @throws FormatError; Unsupported for another version. */
export function parseScope(bytes: Uint8Array): Scope {
  const value = parseStrictJson(bytes, 'The scope')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormatError('The scope is an object')
  const { v } = value as JsonObject
  if (typeof v === 'number' && v !== 1) throw new Unsupported('A bundle of another version than 1')
  const scope = value as Record<string, unknown>
  if (
    v !== 1
    || !Object.entries(scopeFields).every(([name, fits]) => fits(scope[name]))
    || !ofKind[scope['kind'] as Scope['kind']].every(name => scope[name] !== undefined)
  )
    throw new FormatError('The scope has the fields of version 1, and those of its kind')
  return value as unknown as Scope
}

/** Whether a leaf is in the scope. */
export const isInScope = ({ kind, stream, from = 0, to = 0, ledgerStream }: Scope, index: number, of: string): boolean =>
  kind === 'ALL' || of === ledgerStream || (kind === 'STREAM' ? of === stream : index >= from && index < to)
