import type { WholeLog } from '#event-store/event-store'
import type { LeafHeader } from '#verifier/leaf-header'
import type { Report } from '#verifier/verdict'

const pageSize = 1_000
type Place = { readonly index: number; readonly stream: string; readonly revision: string; readonly eventId: string }

/** Where the event store has events, against where the leaves say that it has some: without a look at what is in them. */
export class PositionCheck {
  #leaves = new Map<bigint, Place>()
  #upTo = 0n

  constructor(
    private readonly positions: NonNullable<WholeLog['positions']>,
    private readonly at: WholeLog['at'],
    private readonly report: Report,
  ) {}

  /** By what the entry says: it is what was signed. */
  async take({ pos, stream, rev, id }: LeafHeader, index: number): Promise<void> {
    this.#leaves.set(BigInt(pos), { index, stream, revision: rev, eventId: id })
    if (this.#leaves.size === pageSize) await this.end()
  }

  /** Compares up to the last leaf so far: what stands behind it waits to be one. @throws StoreUnavailable */
  async end(): Promise<void> {
    const [leaves, after] = [this.#leaves, this.#upTo]
    for (const position of leaves.keys()) if (position > this.#upTo) this.#upTo = position
    this.#leaves = new Map()
    const there = new Set(await this.positions(after, this.#upTo))
    for (const position of there)
      if (!leaves.has(position)) {
        const eventId = (await this.at(position))?.id
        this.report.found({
          check: 'completeness',
          result: 'failed',
          what: `The event store has an event at position ${position} that is no leaf`,
          ...(eventId === undefined ? {} : { eventId }),
        })
      }
    for (const [position, place] of leaves)
      if (!there.has(position))
        this.report.found({
          check: 'completeness',
          result: 'failed',
          what: `The event store no longer has an event at position ${position}`,
          ...place,
        })
  }
}
