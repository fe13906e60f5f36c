import { FormatError } from '#merkle/format-error'
import { sha256Text } from '#merkle/sha256'
import type { Bundle } from './bundle-folder.js'
import { type Scope, isInScope, payloadOfLine, proofFile } from './bundle-layout.js'
import { Copies } from './check-copies.js'
import { Destructions } from './check-erasure.js'
import { Heartbeats } from './check-time.js'
import { EventIds } from './event-ids.js'
import { type LeafHeader, type PayloadDigest, keptApart, parseEntry } from './leaf-header.js'
import type { BundledLeaf } from './leaves.js'
import { parseStrictJson } from './strict-json.js'
import { RecordedTimes } from './recorded-time.js'
import { Streams } from './check-streams.js'
import { type Check, type Report, type Result, meaningOf } from './verdict.js'

/** What the ledger has on record of a bundle that was made of it: the data of a LedgerExported event, as it was signed. */
export type Exported = { readonly index: number; readonly data: Readonly<Record<string, unknown>> }

/** What is checked leaf by leaf. */
export class LeafChecks {
  readonly #streams: Streams
  readonly #destructions: Destructions
  readonly #heartbeats: Heartbeats
  readonly #copies: Copies
  readonly #times = new RecordedTimes()
  readonly #ids = new EventIds()
  readonly #exported: Exported[] = []
  #seen = { headers: 0, inScope: 0, stored: 0, payloads: 0 }

  constructor(
    private readonly bundle: Bundle,
    private readonly scope: Scope,
    private readonly report: Report,
  ) {
    this.#streams = new Streams(scope, report)
    this.#destructions = new Destructions(report)
    this.#heartbeats = new Heartbeats(scope, report)
    this.#copies = new Copies(bundle, report)
  }

  leaf(leaf: BundledLeaf): void {
    const { index, entry } = leaf
    if (!entry) {
      this.#withoutHeader(leaf)
      return
    }
    const hash = Buffer.from(leaf.hash.buffer, leaf.hash.byteOffset, leaf.hash.length).toString('base64')
    const header = this.#headerOf(entry, hash, index)
    if (!header) {
      this.#copies.giveUp()
      return
    }
    this.#seen.headers++
    this.#order(header, index, hash)
    const inScope = isInScope(this.scope, index, header.stream)
    // Also outside the scope: what is there is used only where it is what was signed.
    const data = this.#payload(header, header.data, 'data', leaf.data, inScope, index)
    const metadata = this.#payload(header, header.meta, 'metadata', leaf.metadata, inScope, index)
    if (inScope) this.#inScope(header, leaf)
    if (data !== undefined && metadata !== undefined) this.#export(header, index, data)
    this.#destructions.leaf(header, index, data)
    this.#heartbeats.leaf(header)
  }

  #withoutHeader({ index, data, metadata }: BundledLeaf) {
    if (data.length + metadata.length > 0)
      this.#found('payloads', 'failed', 'Something was stored, they say, and there is no header that could say what', index)
    const { kind, from = 0, to = 0 } = this.scope
    if (kind === 'ALL' || (kind === 'RANGE' && index >= from && index < to))
      this.#found('completeness', 'incomplete', 'It is in scope, and its header is not here', index)
  }

  #headerOf(entry: Buffer, hash: string, index: number): LeafHeader | undefined {
    if (leafHashText(entry) !== hash) {
      this.#found('tree', 'failed', 'The header is not the one whose hash is in the tree', index, named(entry))
      return undefined
    }
    try {
      return parseEntry(entry)
    } catch (error) {
      const { result, what } = meaningOf(error)
      this.#found('headers', result, what, index, result === 'unsupported' ? undefined : named(entry))
      return undefined
    }
  }

  #order(header: LeafHeader, index: number, hash: string) {
    if (header.log !== this.scope.log) this.#found('headers', 'failed', 'The leaf is of another log', index, header)
    this.#streams.leaf(header, index, hash)
    const from = this.#times.goesBackFrom(header.created)
    if (from !== undefined)
      this.#found('headers', 'failed', `It was recorded at ${header.created}, they say, after what was recorded at ${from}`, index, header)
    this.#ids.add(header.id, index)
  }

  /** What was stored, where it is here and is what was signed. */
  #payload(header: LeafHeader, digest: PayloadDigest, what: string, line: Buffer, inScope: boolean, index: number): Buffer | undefined {
    if (line.length === 0 && !inScope) return undefined
    if (line.length === 0 && digest.len > 0) {
      if (header.type !== keptApart) this.#found('payloads', 'incomplete', `Its ${what} are absent`, index, header)
      return undefined
    }
    const stored = storedIn(line, digest)
    if (!stored) this.#found('payloads', 'failed', `Its ${what} are not what was stored`, index, header)
    else if (inScope) this.#seen.payloads++
    return stored
  }

  #inScope(header: LeafHeader, leaf: BundledLeaf) {
    this.#seen.inScope++
    const isAbsent = (line: Buffer, { len }: PayloadDigest) => line.length === 0 && len > 0
    const lacks = isAbsent(leaf.data, header.data) || isAbsent(leaf.metadata, header.meta)
    if (lacks && header.type !== keptApart) this.#copies.withoutPayload()
    if (leaf.data.length > 0 && leaf.metadata.length > 0) this.#seen.stored++
    this.#copies.leaf(header, leaf)
    if (this.scope.kind === 'STREAM' && !this.bundle.has(proofFile(header.id)))
      this.#found('copies', 'incomplete', 'Its proof is missing', leaf.index, header)
  }

  #export({ stream, type }: LeafHeader, index: number, data: Buffer) {
    if (type !== 'LedgerExported' || stream !== this.scope.ledgerStream) return
    try {
      const said = parseStrictJson(data, 'The event')
      if (typeof said === 'object' && said !== null) this.#exported.push({ index, data: said as Exported['data'] })
    } catch (error) {
      // Somebody wrote it who is not the ledger: it says of no bundle that it was made.
      if (!(error instanceof FormatError)) throw error
    }
  }

  /** The leaves cannot be read to their end: nothing is said of those that are not. */
  stop(): void {
    this.#copies.giveUp()
  }

  /** Answers what the ledger has on record of bundles that were made. */
  end(): readonly Exported[] {
    const { scope, report } = this
    const { headers, inScope, payloads } = this.#seen
    for (const index of [...this.#ids.repeated()].sort((a, b) => a - b))
      this.#found('headers', 'failed', 'An earlier leaf is of an event with the same id', index)
    this.#copies.end()
    this.#compareCounts()
    if (scope.headers === 'FULL')
      report.remark('completeness', `All ${headers} headers are here, so that nothing of the scope can have been left out.`)
    else report.remark('completeness', `${headers} headers of the scope are here. ${notProved(scope.kind)}`)
    report.remark('payloads', `${inScope} leaves are in scope, ${payloads} payloads were compared.`)
    this.#destructions.end()
    this.#heartbeats.end()
    return this.#exported
  }

  /** What the scope says that there is, is what is there. */
  #compareCounts() {
    const { scope } = this
    const { inScope, stored } = this.#seen
    for (const [what, said, there] of [
      ['leaves', scope.counts.leaves, inScope],
      ['leaves whose payload is there', scope.counts.payloads, stored],
    ] as const)
      if (said !== there)
        this.report.found({
          check: 'completeness',
          result: there < said ? 'incomplete' : 'failed',
          what: `The scope says ${said} ${what}; ${there} are there`,
        })
    if (scope.kind === 'STREAM' && scope.headers === 'SCOPED' && !this.#streams.has(scope.stream ?? ''))
      this.report.found({ check: 'completeness', result: 'incomplete', what: `No leaf of the stream ${scope.stream ?? ''} is here` })
  }

  #found(check: Check, result: Exclude<Result, 'ok'>, what: string, index: number, header?: Pick<LeafHeader, 'stream' | 'rev' | 'id'>) {
    this.report.found({
      check,
      result,
      what,
      index,
      ...(header ? { stream: header.stream, revision: header.rev, eventId: header.id } : {}),
    })
  }
}

const notProved = (kind: Scope['kind']) =>
  kind === 'STREAM'
    ? 'Its stream is whole from its beginning, by revision and chain; that nothing came after its last leaf is not proved.'
    : 'That none was left out is not proved.'

/** RFC 6962, as base64: behind a zero, in a place of its own that is used again and again. */
function leafHashText(entry: Buffer): string {
  entry.copy(place, 1)
  return sha256Text(place.subarray(0, entry.length + 1), 'base64')
}
const place = Buffer.alloc(1 + 65_536)

/** The bytes of a line that are those of the digest, and stand in it as it says. */
function storedIn(line: Buffer, { enc, len, sha256 }: PayloadDigest): Buffer | undefined {
  try {
    const payload = payloadOfLine(line) ?? { enc, bytes: line }
    return payload.enc === enc && payload.bytes.length === len && sha256Text(payload.bytes, 'base64') === sha256 ? payload.bytes : undefined
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}

/** What a header that is not believed says of itself, as far as it can be read: whoever looks for it needs a name. */
function named(entry: Buffer): Pick<LeafHeader, 'stream' | 'rev' | 'id'> | undefined {
  try {
    const { stream, rev, id } = JSON.parse(entry.toString('utf8')) as Partial<Record<string, unknown>>
    return [stream, rev, id].every(one => typeof one === 'string' && one.length < 300)
      ? { stream: stream as string, rev: rev as string, id: id as string }
      : undefined
  } catch {
    return undefined
  }
}
