import type { LeafHeader } from './leaf-header.js'
import { parseStrictJson } from './strict-json.js'
import type { Report } from './verdict.js'

/** Keys that were destroyed, and what they sealed: erasure takes a key away and changes no leaf (ledger.md §2.8). */
export class Destructions {
  /** How many leaves each key sealed. */
  readonly #sealed = new Map<string, number>()
  readonly #destroyed = new Map<string, { readonly index: number; readonly at: string }>()
  readonly #unread: number[] = []

  constructor(private readonly report: Report) {}

  /** @param data what was stored, where it is what was signed. */
  leaf({ type, kids, stream, rev, id }: LeafHeader, index: number, data: Buffer | undefined): void {
    for (const kid of kids) {
      this.#sealed.set(kid, (this.#sealed.get(kid) ?? 0) + 1)
      const gone = this.#destroyed.get(kid)
      if (gone)
        this.report.found({
          check: 'erasure',
          result: 'failed',
          what: `It is sealed under a key that leaf ${gone.index} says was destroyed`,
          index,
          stream,
          revision: rev,
          eventId: id,
        })
    }
    if (type !== 'SubjectKeyDestroyed') return
    const kid = data && kidOf(data)
    if (kid === undefined) this.#unread.push(index)
    else this.#destroyed.set(kid.kid, { index, at: kid.at })
  }

  end(): void {
    for (const [kid, { index, at }] of this.#destroyed)
      this.report.remark(
        'erasure',
        `Leaf ${index}: the key ${kid} was destroyed at ${at}; `
          + `${this.#sealed.get(kid) ?? 0} leaves that it sealed are as they were signed.`,
      )
    if (this.#unread.length > 0)
      this.report.remark('erasure', `${this.#unread.length} more keys were destroyed, by leaves whose payload is not in scope.`)
    this.report.remark('erasure', 'That no copy of a destroyed key is left anywhere is not something that a verifier can show.')
  }
}

function kidOf(data: Buffer): { readonly kid: string; readonly at: string } | undefined {
  try {
    const { kid, destroyedAt } = parseStrictJson(data, 'A payload') as { readonly kid?: unknown; readonly destroyedAt?: unknown }
    return typeof kid === 'string' && typeof destroyedAt === 'string' ? { kid, at: destroyedAt } : undefined
  } catch {
    return undefined
  }
}
