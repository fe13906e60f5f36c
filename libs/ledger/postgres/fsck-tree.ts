import { TreeEdge } from '#merkle/tree-edge'
import { type Hash } from '#merkle/tree-hash'
import { tileWidth } from '#merkle/tile'
import { EventIds } from '#verifier/event-ids'
import type { LeafHeader } from '#verifier/leaf-header'
import { RecordedTimes, wentBack } from '#verifier/recorded-time'
import { type Report, meaningOf } from '#verifier/verdict'
import { type LedgerLeaf, readLeaf } from './ledger-leaf.js'
import type { LedgerReader } from './ledger-reader.js'
import type { Standing } from './ledger-rows.js'

/** The leaves of one ledger, as they are read one after the other: the tree that they make, against everything that stands beside them. */
export class TreeCheck {
  readonly edge = new TreeEdge()
  readonly #last = new Map<string, { readonly hash: string; readonly revision: bigint }>()
  readonly #times = new RecordedTimes()
  readonly #ids = new EventIds()
  #lastLeaf: LedgerLeaf | undefined
  /** When the store took the last event so far. */
  created = ''

  constructor(
    private readonly ledger: LedgerReader,
    private readonly standing: Standing,
    private readonly report: Report,
  ) {}

  /** Takes the next leaf; what it says, where it is one. */
  async take(leaf: LedgerLeaf): Promise<LeafHeader | undefined> {
    const { edge, report } = this
    if (leaf.index !== edge.size)
      report.found({
        check: 'completeness',
        result: 'failed',
        what: `The leaves ${edge.size} to ${leaf.index - 1} are gone`,
        index: edge.size,
      })
    const { header, hash } = this.#checked(leaf)
    for (const tile of edge.append(hash)) await this.#checkTile(tile)
    if (header) this.#checkOrder(header, leaf, hash)
    this.#lastLeaf = leaf
    return header
  }

  /** The columns beside an entry say what the entry says. */
  #checked(leaf: LedgerLeaf): { readonly header: LeafHeader | undefined; readonly hash: Hash } {
    try {
      const { header, hash, wrong } = readLeaf(leaf, this.standing.origin)
      const place = { index: leaf.index, stream: header.stream, revision: header.rev, eventId: header.id }
      if (wrong) this.report.found({ check: wrong.of === 'hash' ? 'tree' : 'headers', result: 'failed', what: wrong.what, ...place })
      return { header, hash }
    } catch (error) {
      this.report.found({ check: 'headers', ...meaningOf(error), index: leaf.index, eventId: leaf.eventId })
      return { header: undefined, hash: leaf.hash }
    }
  }

  /** After the leaf before it, and after the one of its stream before it; `prev` is the leaf hash of that one. */
  #checkOrder({ stream, rev, prev, id, pos, created }: LeafHeader, { index }: LedgerLeaf, hash: Hash) {
    const wrong = (what: string) => {
      this.report.found({ check: 'headers', result: 'failed', what, index, stream, revision: rev, eventId: id })
    }
    this.#ids.add(id, index)
    const last = this.#last.get(stream)
    if (prev !== (last?.hash ?? '')) wrong('It does not follow the leaf of its stream before it')
    else if (last && BigInt(rev) <= last.revision) wrong('Its revision does not come after that of the leaf of its stream before it')
    if (this.#lastLeaf && BigInt(pos) <= this.#lastLeaf.position) wrong('Its position does not come after that of the leaf before it')
    const after = this.#times.goesBackFrom(created)
    if (after !== undefined) wrong(`It ${wentBack(created, after)}`)
    this.#last.set(stream, { hash: Buffer.from(hash).toString('base64'), revision: BigInt(rev) })
    this.created = created
  }

  async #checkTile({ level, index, hashes }: { readonly level: number; readonly index: number; readonly hashes: Buffer }) {
    const stored = await this.ledger.tile(this.standing.log, { level, index, width: tileWidth })
    if (!stored) this.#wrongTile(`The tile ${level}/${index} is gone`)
    else if (!stored.equals(hashes))
      this.#wrongTile(
        `The tile ${level}/${index} is not that of its leaves, `
          + `from leaf ${firstDifference(stored, hashes) * tileWidth ** level + index * tileWidth ** (level + 1)} on`,
      )
  }

  /** When every leaf was taken: nothing is missing at the end, and nothing stands beyond it. */
  async end(): Promise<void> {
    const { log, size, position, eventId } = this.standing
    for (const index of [...this.#ids.repeated()].sort((a, b) => a - b))
      this.report.found({ check: 'headers', result: 'failed', what: 'An earlier leaf is of an event with the same id', index })
    const held = this.edge.size
    if (held < size)
      this.report.found({ check: 'completeness', result: 'failed', what: `The ledger says ${size} leaves and holds ${held}` })
    else if ((this.#lastLeaf?.position ?? 0n) !== position || this.#lastLeaf?.eventId !== eventId)
      this.report.found({
        check: 'headers',
        result: 'failed',
        what: 'What the ledger says of its last event is not what its last leaf says',
      })
    for (const what of await this.ledger.stored.beyond(log, size))
      this.#wrongTile(`The ${what} stands beyond the ${size} leaves of the ledger`)
    const stored = await this.ledger.stored.edges(log)
    const levels = new Set([...stored.keys(), ...this.edge.tiles.keys()])
    for (const level of levels)
      if (!(stored.get(level) ?? Buffer.alloc(0)).equals(Buffer.concat(this.edge.tiles[level] ?? [])))
        this.#wrongTile(`The unfinished tile of level ${level} is not that of its leaves`)
  }

  #wrongTile(what: string) {
    this.report.found({ check: 'tree', result: 'failed', what })
  }
}
const firstDifference = (one: Buffer, other: Buffer) => Math.floor(one.findIndex((byte, n) => byte !== other[n]) / 32)
