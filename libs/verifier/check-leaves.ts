import { FormatError } from '#merkle/format-error'
import { sha256Text } from '#merkle/sha256'
import { TreeEdge } from '#merkle/tree-edge'
import { leafHash, sameHash } from '#merkle/tree-hash'
import type { Bundle } from './bundle-folder.js'
import { type Scope, isInScope } from './bundle-layout.js'
import type { EarlierHead, Heads } from './check-heads.js'
import { Destructions } from './check-erasure.js'
import { Heartbeats } from './check-time.js'
import { type LeafHeader, type PayloadDigest, parseEntry } from './leaf-header.js'
import { type BundledLeaf, TileMissing, leavesOf } from './leaves.js'
import { type Check, type Report, type Result, meaningOf } from './verdict.js'

/** Every leaf once, in order: the root, the earlier roots, the headers, the payloads, and what they say of keys and of time. */
export function checkLeaves(
  bundle: Bundle,
  scope: Scope,
  { head, earlier }: Heads,
  report: Report,
  progress: (done: number, of: number) => void,
): void {
  const leaves = new LeafChecks(scope, report)
  const edge = new TreeEdge()
  const roots = new Map<number, EarlierHead[]>()
  for (const one of earlier) roots.set(one.checkpoint.size, [...(roots.get(one.checkpoint.size) ?? []), one])
  try {
    for (const leaf of leavesOf(bundle, { ...scope, size: head.size })) {
      edge.append(leaf.hash)
      for (const { checkpoint, from } of roots.get(edge.size) ?? [])
        if (!sameHash(edge.root(), checkpoint.root))
          report.found({ check: 'consistency', result: 'failed', what: `${from} has another root for the first ${edge.size} leaves` })
      leaves.leaf(leaf)
      if (edge.size % 10_000 === 0) progress(edge.size, head.size)
    }
  } catch (error) {
    if (error instanceof TileMissing) report.found({ check: 'tree', result: 'incomplete', what: error.message })
    else if (error instanceof FormatError) report.found({ check: 'tree', result: 'failed', what: error.message })
    else throw error
    return
  }
  if (!sameHash(edge.root(), head.root))
    report.found({ check: 'tree', result: 'failed', what: 'The leaves do not make the root that was signed' })
  leaves.end()
}

/** What is checked leaf by leaf. */
class LeafChecks {
  readonly #streams = new Map<string, { readonly revision: bigint; readonly hash: string }>()
  readonly #destructions: Destructions
  readonly #heartbeats: Heartbeats
  #position = -1n
  #seen = { headers: 0, inScope: 0, payloads: 0 }

  constructor(
    private readonly scope: Scope,
    private readonly report: Report,
  ) {
    this.#destructions = new Destructions(report)
    this.#heartbeats = new Heartbeats(scope, report)
  }

  leaf(leaf: BundledLeaf): void {
    if (!leaf.entry) return
    if (!sameHash(leafHash(leaf.entry), leaf.hash)) {
      this.#found('tree', 'failed', 'The header is not the one whose hash is in the tree', leaf.index, named(leaf.entry))
      return
    }
    const header = this.#headerOf(leaf.entry, leaf.index)
    if (!header) return
    this.#seen.headers++
    this.#order(header, leaf)
    if (isInScope(this.scope, leaf.index, header.stream)) this.#payloads(header, leaf)
    this.#destructions.leaf(header, leaf)
    this.#heartbeats.leaf(header)
  }

  #headerOf(entry: Buffer, index: number): LeafHeader | undefined {
    try {
      return parseEntry(entry)
    } catch (error) {
      const { result, what } = meaningOf(error)
      this.#found('headers', result, what, index, result === 'unsupported' ? undefined : named(entry))
      return undefined
    }
  }

  #order(header: LeafHeader, { index, hash }: BundledLeaf) {
    const { log, stream, rev, pos, prev, type } = header
    if (log !== this.scope.log) this.#found('headers', 'failed', 'The leaf is of another log', index, header)
    if (BigInt(pos) <= this.#position) this.#found('headers', 'failed', 'The leaf stands before one that happened earlier', index, header)
    this.#position = BigInt(pos)
    const last = this.#streams.get(stream)
    // In a scope of indices the first leaf of a stream is not its first event.
    const begins = !last && this.scope.headers === 'SCOPED' && this.scope.kind === 'RANGE' && stream !== this.scope.ledgerStream
    if (!begins) {
      const expected = last ? last.revision + 1n : 0n
      if (prev !== (last?.hash ?? ''))
        this.#found('headers', 'failed', 'The leaf does not follow the leaf of its stream before it', index, header)
      if (BigInt(rev) < expected) this.#found('headers', 'failed', `Revision ${rev} came where ${expected} was due`, index, header)
      else if (BigInt(rev) > expected && type !== '$streamDeleted')
        this.report.remark(
          'headers',
          `Leaf ${index}: of ${stream} the revisions ${expected} to ${BigInt(rev) - 1n} were taken out before the ledger saw them.`,
        )
    }
    this.#streams.set(stream, { revision: BigInt(rev), hash: Buffer.from(hash).toString('base64') })
  }

  #payloads(header: LeafHeader, { index, data, metadata }: BundledLeaf) {
    this.#seen.inScope++
    for (const [what, stored, digest] of [
      ['data', data, header.data],
      ['metadata', metadata, header.meta],
    ] as const) {
      if (stored === undefined && digest.len > 0) this.#found('payloads', 'incomplete', `Its ${what} are absent`, index, header)
      else if (!fits(stored ?? Buffer.alloc(0), digest))
        this.#found('payloads', 'failed', `Its ${what} are not what was stored`, index, header)
      else this.#seen.payloads++
    }
  }

  end() {
    const { scope, report } = this
    const { headers, inScope, payloads } = this.#seen
    if (inScope < scope.counts.leaves)
      report.found({
        check: 'completeness',
        result: 'incomplete',
        what: `The scope says ${scope.counts.leaves} leaves; ${inScope} are there`,
      })
    if (scope.headers === 'FULL')
      report.remark('completeness', `All ${headers} headers are here, so that nothing of the scope can have been left out.`)
    else report.remark('completeness', `${headers} headers of the scope are here. ${notProved(scope.kind)}`)
    report.remark('payloads', `${inScope} leaves are in scope, ${payloads} payloads were compared.`)
    this.#destructions.end()
    this.#heartbeats.end()
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
const fits = (stored: Buffer, digest: PayloadDigest) => stored.length === digest.len && sha256Text(stored, 'base64') === digest.sha256

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
