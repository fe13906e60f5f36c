import type { EventStore } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import { tileWidth } from '#merkle/tile'
import {
  type Scope,
  auditFile,
  bagInfoText,
  checkpointFile,
  csvFile,
  earlierCheckpoint,
  entryTile,
  fhirFile,
  hashTile,
  headerLines,
  isInScope,
  jsonlFile,
  payloadLine,
  payloadLines,
  proofFile,
  scopeFile,
  stampFile,
  stampedNote,
  ledgerStream,
} from '#verifier/bundle-layout'
import { cloudEvent, csvHeader, csvLine } from '#verifier/event-lines'
import { keptApart, parseEntry } from '#verifier/leaf-header'
import { storedForm } from '../leaf.js'
import { LogBesideLeaves } from '../log-beside-leaves.js'
import { type LedgerLeaf, entryBundle } from '../postgres/ledger-leaf.js'
import type { LedgerReader, SignedCheckpoint } from '../postgres/ledger-reader.js'
import { BundleWriter, type TagFile } from './bundle-writer.js'
import { FhirAuditEvents } from './fhir-audit-event.js'
import { readMe } from './read-me.js'

export type ExportParts = { readonly ledger: LedgerReader; readonly store: EventStore; readonly clock: Clock }
export type ExportRequest = {
  readonly scope:
    | { readonly kind: 'ALL' }
    | { readonly kind: 'STREAM'; readonly stream: string }
    | { readonly kind: 'RANGE'; readonly from: number; readonly to: number }
  /** All headers show that nothing of the scope was left out; they also say of every person when something happened. */
  readonly headers: 'FULL' | 'SCOPED'
  /** Why: the audit, request or case that it is made for. A code. */
  readonly reference: string
  /** The verifier as one file, for convenience: whoever checks uses their own. */
  readonly verifier: string
  /** Puts on record that the bundle was made; the bundle appears after that. */
  readonly record: (scope: Scope, manifestDigest: string) => Promise<void>
  /** More of what an audit is about: files below data/audit. */
  readonly files?: AsyncIterable<{ readonly name: string; readonly content: string }>
  /** Puts the digest of the manifest on record, and answers what proves it. */
  readonly seal?: (manifestDigest: string) => Promise<readonly TagFile[]>
}
/** No checkpoint was signed yet: there is nothing that a bundle could prove. */
export class NothingSigned extends Error {
  constructor() {
    super('No checkpoint was signed yet. Is a signer running? Ask again in a while.')
  }
}

/**
 * Writes a bundle of the ledger, as the newest checkpoint has it. Tells how many leaves are done. @throws BundleExists, NothingSigned,
 * StoreUnavailable; what the signal aborts with
 */
export async function* exportBundle(
  parts: ExportParts,
  request: ExportRequest,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<{ readonly done: number; readonly of: number }> {
  const newest = await parts.ledger.newest()
  if (!newest) throw new NothingSigned()
  const { checkpoint } = newest
  const writer = new BundleWriter(folder)
  const making = new Making(parts, request, writer, newest, checkpoint)
  try {
    for (let tile = 0; tile * tileWidth < checkpoint.size; tile++) {
      signal.throwIfAborted()
      await making.tile(tile)
      yield { done: Math.min((tile + 1) * tileWidth, checkpoint.size), of: checkpoint.size }
    }
    await making.finish()
  } catch (error) {
    writer.discard()
    throw error
  } finally {
    making.stop()
  }
}

class Making {
  readonly #scope: Scope
  readonly #log: LogBesideLeaves
  readonly #jsonl
  readonly #csv
  readonly #fhir
  readonly #auditEvents = new FhirAuditEvents()
  #counts = { leaves: 0, payloads: 0 }

  constructor(
    private readonly parts: ExportParts,
    private readonly request: ExportRequest,
    private readonly writer: BundleWriter,
    private readonly of: { readonly log: number; readonly origin: string },
    private readonly checkpoint: SignedCheckpoint,
  ) {
    const { kind, ...more } = request.scope
    this.#scope = {
      v: 1,
      log: of.origin,
      size: checkpoint.size,
      kind,
      ...more,
      headers: request.headers,
      ledgerStream: ledgerStream(of.origin),
      counts: { leaves: 0, payloads: 0 },
      reference: request.reference,
      madeAt: parts.clock.now(),
    }
    this.#log = new LogBesideLeaves(parts.store)
    this.#jsonl = writer.lines(jsonlFile)
    this.#csv = writer.lines(csvFile)
    this.#fhir = writer.lines(fhirFile)
  }

  async tile(tile: number): Promise<void> {
    const width = Math.min(tileWidth, this.checkpoint.size - tile * tileWidth)
    const leaves = await this.parts.ledger.leaves(this.of.log, tile * tileWidth, width)
    const hashes = await this.parts.ledger.tile(this.of.log, { level: 0, index: tile, width })
    if (!hashes || leaves.length < width) throw new Error('The ledger does not hold what was signed: run ledger fsck')
    if (tile === 0) await this.#csv.line(csvHeader)
    const [headers, payloads]: [string[], string[]] = [[], []]
    for (const leaf of leaves) {
      const [header, data, metadata] = await this.#leaf(leaf)
      headers.push(header)
      payloads.push(data, metadata)
    }
    this.writer.write(hashTile(tile, width), hashes)
    if (this.request.headers === 'FULL') this.writer.write(entryTile(tile, width), entryBundle(leaves))
    else if (headers.some(line => line !== '')) this.writer.write(headerLines(tile), headers.map(line => `${line}\n`).join(''))
    if (payloads.some(line => line !== '')) this.writer.write(payloadLines(tile), payloads.map(line => `${line}\n`).join(''))
  }

  /** The lines of a leaf: empty for what is not in scope or no longer there. */
  async #leaf({ index, entry, eventId, position }: LedgerLeaf): Promise<readonly [header: string, data: string, metadata: string]> {
    const header = parseEntry(entry)
    if (!isInScope(this.#scope, index, header.stream)) return ['', '', '']
    const found = await this.#log.at(position)
    const logged = header.type === keptApart ? undefined : found
    const [data, metadata] = logged
      ? ([storedForm(logged.data), storedForm(logged.metadata)].map(({ enc, content }) => payloadLine(enc, content)) as [string, string])
      : [undefined, undefined]
    this.#counts = { leaves: this.#counts.leaves + 1, payloads: this.#counts.payloads + (logged ? 1 : 0) }
    const event = { index, header, data, metadata }
    await this.#jsonl.line(cloudEvent(event))
    await this.#csv.line(csvLine(index, header))
    const auditEvent = this.#auditEvents.of(event)
    if (auditEvent !== undefined) await this.#fhir.line(auditEvent)
    if (this.request.scope.kind === 'STREAM') {
      const covered = await this.parts.ledger.proofOf(this.of.log, eventId, 'entry', this.checkpoint)
      if (covered.kind === 'proved') this.writer.write(proofFile(eventId), covered.proof)
    }
    return [entry.toString('utf8'), data ?? '', metadata ?? '']
  }

  stop() {
    this.#log.stop()
  }

  async finish(): Promise<void> {
    await Promise.all([this.#jsonl.end(), this.#csv.end(), this.#fhir.end()])
    const scope: Scope = { ...this.#scope, counts: this.#counts }
    this.writer.write(checkpointFile, this.checkpoint.note)
    for (const { size, note } of await this.parts.ledger.history(this.of.log, this.checkpoint.size))
      this.writer.write(earlierCheckpoint(size), note)
    for (const { size, note, token } of await this.parts.ledger.stamps(this.of.log, this.checkpoint.size)) {
      this.writer.write(stampedNote(size), note)
      this.writer.write(stampFile(size), token)
    }
    for await (const { name, content } of this.request.files ?? []) this.writer.write(auditFile(name), content)
    this.writer.write(scopeFile, `${JSON.stringify(scope, undefined, 2)}\n`)
    this.writer.write('verify.mjs', this.request.verifier)
    this.writer.write('README.md', readMe(scope))
    await this.writer.finish(bagInfoText(scope), async digest => {
      await this.request.record(scope, digest)
      return (await this.request.seal?.(digest)) ?? []
    })
  }
}
