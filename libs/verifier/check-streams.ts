import type { Scope } from './bundle-layout.js'
import type { LeafHeader } from './leaf-header.js'
import type { Report } from './verdict.js'

/** Positions go up; of each stream, revisions are dense and every leaf names the one before it. */
export class Streams {
  readonly #last = new Map<string, { next: string; hash: string }>()
  #position = '-1'

  constructor(
    private readonly scope: Scope,
    private readonly report: Report,
  ) {}

  has(stream: string): boolean {
    return this.#last.has(stream)
  }

  /** @param hash the leaf's, in base64. */
  leaf(header: LeafHeader, index: number, hash: string): void {
    const { stream, rev, pos, prev } = header
    if (this.#position !== '-1' && !isBelow(this.#position, pos))
      this.#fail('The leaf stands before one that happened earlier', header, index)
    this.#position = pos
    const last = this.#last.get(stream)
    // In a scope of indices the first leaf of a stream is not its first event.
    const begins = !last && this.scope.headers === 'SCOPED' && this.scope.kind === 'RANGE' && stream !== this.scope.ledgerStream
    if (!begins) {
      if (prev !== (last?.hash ?? '')) this.#fail('The leaf does not follow the leaf of its stream before it', header, index)
      this.#revision(last?.next ?? '0', header, index)
    }
    if (last) {
      last.next = after(rev)
      last.hash = hash
    }
    // A copy: what was found in a text keeps the whole text in memory.
    else this.#last.set(Buffer.from(stream).toString('utf8'), { next: after(rev), hash })
  }

  #revision(expected: string, header: LeafHeader, index: number) {
    const { rev, stream, type } = header
    if (rev === expected) return
    if (isBelow(rev, expected)) this.#fail(`Revision ${rev} came where ${expected} was due`, header, index)
    else if (type !== '$streamDeleted')
      this.report.remark(
        'headers',
        `Leaf ${index}: of ${stream} the revisions ${expected} to ${BigInt(rev) - 1n} were taken out before the ledger saw them.`,
      )
  }

  #fail(what: string, { stream, rev, id }: LeafHeader, index: number) {
    this.report.found({ check: 'headers', result: 'failed', what, index, stream, revision: rev, eventId: id })
  }
}

/** Decimals without leading zeroes: the longer one is the larger. */
const isBelow = (a: string, b: string) => (a.length === b.length ? a < b : a.length < b.length)
const after = (rev: string) => (rev.length < 16 ? String(Number(rev) + 1) : String(BigInt(rev) + 1n))
