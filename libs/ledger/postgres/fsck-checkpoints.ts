import { type Checkpoint, parseCheckpointText } from '#merkle/checkpoint'
import { FormatError, NoKnownKey, SignatureRefused } from '#merkle/format-error'
import { openNote, parseNote, parseSignatureLine, signersOf } from '#merkle/note'
import type { VerifierKey } from '#merkle/note-key'
import type { TreeEdge } from '#merkle/tree-edge'
import { sameHash } from '#merkle/tree-hash'
import type { TrustPolicy } from '#merkle/trust-policy'
import { recordedTimeMayGoBackMs } from '#verifier/recorded-time'
import { checkTimeStamp } from '#verifier/time-stamp'
import { type Report, meaningOf } from '#verifier/verdict'
import type { Remembered } from '../remembered.js'
import type { LedgerReader } from './ledger-reader.js'
import type { Standing } from './ledger-rows.js'
import type { StoredCheckpoint, StoredCosignature, StoredStamp } from './stored-tables.js'

/** Whose signatures are believed, and what those outside the database remember. */
export type Believed = {
  readonly keys: readonly VerifierKey[]
  readonly policy?: TrustPolicy | undefined
  readonly remembered: readonly Remembered[]
  /** A ledger that ended was signed by keys that need not be known any more. */ readonly isLive: boolean
}
type Kept = { readonly by: string; readonly checkpoint: Checkpoint }

/** What was signed of one ledger: each checkpoint against the tree as it was then, against what others keep, and against its times. */
export class CheckpointCheck {
  #checkpoints: ReadonlyMap<number, StoredCheckpoint> = new Map()
  readonly #kept = new Map<number, readonly Kept[]>()
  readonly #times: { readonly size: number; readonly earliest: string }[] = []
  #unsigned = 0
  /** By which witnesses of the policy each checkpoint is signed. */
  readonly #seenBy = new Map<number, Set<string>>()

  constructor(
    private readonly ledger: LedgerReader,
    private readonly standing: Standing,
    private readonly believed: Believed,
    private readonly report: Report,
  ) {}

  async begin(): Promise<void> {
    const rows = await this.ledger.stored.checkpoints(this.standing.log)
    this.#checkpoints = new Map(rows.map(row => [row.size, row]))
    for (const { size } of rows) if (size < 1) this.#failed(`A checkpoint of ${size} leaves is none`)
    const kept = this.believed.remembered.flatMap(said =>
      said.kind === 'remembers' ? said.checkpoints.map(checkpoint => ({ by: said.by, checkpoint })) : [],
    )
    for (const one of kept) {
      const { origin, size } = one.checkpoint
      if (origin === this.standing.origin && size > 0) this.#kept.set(size, [...(this.#kept.get(size) ?? []), one])
    }
  }
  get count(): number {
    return this.#checkpoints.size
  }

  /** The tree has grown by a leaf, which the store took at `created`. */
  grown(edge: TreeEdge, created: string): void {
    const stored = this.#checkpoints.get(edge.size)
    if (stored) {
      this.#times.push({ size: edge.size, earliest: created })
      this.#checkSigned(stored, edge)
    }
    for (const { by, checkpoint } of this.#kept.get(edge.size) ?? [])
      if (!sameHash(checkpoint.root, edge.root())) this.#failed(`${capital(by)} remembers another root for ${edge.size} leaves`)
  }

  #checkSigned({ size, note }: StoredCheckpoint, edge: TreeEdge): void {
    const fail = (what: string) => {
      this.#failed(`The checkpoint of ${size} leaves: ${what}`)
    }
    const checkpoint = this.#opened(note, fail)
    if (!checkpoint) return
    if (checkpoint.origin !== this.standing.origin || checkpoint.size !== size) fail('it is one of another ledger or size')
    else if (!sameHash(checkpoint.root, edge.root()))
      fail('another root was signed; what differs stands before its last leaf, and after that of the checkpoint before')
  }

  #opened(note: string, fail: (what: string) => void): Checkpoint | undefined {
    try {
      return parseCheckpointText(openNote(note, this.believed.keys).text)
    } catch (error) {
      const { what } = meaningOf(error)
      if (!(error instanceof NoKnownKey) || this.believed.isLive) {
        fail(what)
        return undefined
      }
      this.#unsigned++
      return parseCheckpointText(parseNote(note).text)
    }
  }

  /** When every leaf was taken. */
  async end(held: number): Promise<void> {
    const sizes = [...this.#checkpoints.keys()]
    for (const size of sizes) if (size > held) this.#failed(`A checkpoint of ${size} leaves was signed: the ledger's end was cut off`)
    const newest = Math.max(0, ...sizes)
    for (const [size, kept] of this.#kept)
      for (const { by } of kept) {
        if (size > held) this.#failed(`${capital(by)} remembers ${size} leaves: the ledger's end was cut off, or it is an older copy`)
        // What was signed a moment ago is on its way into the database.
        else if (!this.#checkpoints.has(size) && (size < newest || by === 'the sink'))
          this.#failed(`${capital(by)} keeps a checkpoint of ${size} leaves, and the ledger no longer has it`)
      }
    const { log } = this.standing
    const [cosignatures, stamps] = [await this.ledger.stored.cosignatures(log), await this.ledger.stored.stamps(log)]
    const latest = new Map<number, number>()
    const saw = (size: number, time: number) => latest.set(size, Math.min(latest.get(size) ?? Infinity, time))
    for (const one of cosignatures) this.#checkCosignature(one, time => saw(one.size, time))
    for (const one of stamps) this.#checkStamp(one, time => saw(one.size, time))
    this.#checkQuorum()
    this.#checkTimes(latest)
    this.report.remark('consistency', `${this.count} checkpoints were compared with the leaves.`)
    if (this.#unsigned > 0)
      this.report.remark(
        'signature',
        `${this.#unsigned} checkpoints of the ledger ${this.standing.origin}, which has ended, are signed by keys that are not known here.`,
      )
  }

  #checkCosignature({ size, witness, line }: StoredCosignature, saw: (time: number) => void): void {
    const fail = (what: string) => {
      this.#failed(`The signature of the witness ${witness} under the checkpoint of ${size} leaves: ${what}`)
    }
    const { policy } = this.believed
    const note = this.#checkpoints.get(size)?.note
    if (note === undefined) return
    try {
      const { name, keyId } = parseSignatureLine(line.replace(/\n$/, ''))
      const known = policy?.witnesses.find(({ key }) => key?.name === name && key.id === keyId)
      if (known?.key) {
        if (known.name !== witness) fail(`it is that of ${known.name}`)
        const [by] = openNote(note + line, [known.key]).signedBy
        if (by?.time !== undefined) saw(by.time * 1_000)
        if (by) this.#seenBy.set(size, (this.#seenBy.get(size) ?? new Set()).add(known.name))
      } else if (policy?.witnesses.some(one => one.name === witness && one.key)) fail('it is not by the key that the policy gives them')
      else this.report.remark('witnesses', `The policy does not know ${witness}: their signature of ${size} leaves was not checked.`)
    } catch (error) {
      fail(meaningOf(error).what)
    }
  }

  /** A witness may have been away; one that says itself that it signed was not. */
  #checkQuorum() {
    const { policy, remembered, isLive } = this.believed
    if (!policy || !isLive) return
    const unseen = [...this.#checkpoints.keys()].filter(size => !policy.isMetBy(this.#seenBy.get(size) ?? new Set()))
    if (unseen.length > 0)
      this.report.remark(
        'witnesses',
        `${unseen.length} of ${this.count} checkpoints, the last of ${Math.max(...unseen)} leaves, have not the signatures that the policy `
          + 'asks for: witnesses were away, or somebody deleted what they signed.',
      )
    for (const { name, key } of policy.witnesses) {
      const said = remembered.find(({ by }) => by === `the witness ${name}`)
      const last = said?.kind === 'remembers' ? said.checkpoints.at(-1) : undefined
      if (!key || !last || !this.#checkpoints.has(last.size) || this.#seenBy.get(last.size)?.has(name)) continue
      if (isSignedBy(last.note, key))
        this.#failed(`The witness ${name} signed the checkpoint of ${last.size} leaves, and the ledger no longer has its signature`)
    }
  }

  #checkStamp({ size, note, token, stampedAt }: StoredStamp, saw: (time: number) => void): void {
    const fail = (what: string) => {
      this.#failed(`The time stamp of ${size} leaves: ${what}`)
    }
    try {
      const checkpoint = this.#checkpoints.get(size)
      if (checkpoint && parseNote(checkpoint.note).text !== parseNote(note).text) fail('it is one of another checkpoint')
      this.#opened(note, fail)
      const { time } = checkTimeStamp(token, Buffer.from(note), [])
      if (Date.parse(time) !== stampedAt.getTime()) fail('it was made at another time than the one beside it')
      saw(Date.parse(time))
    } catch (error) {
      fail(meaningOf(error).what)
    }
  }

  /** A checkpoint was signed after its last leaf was stored and after the checkpoint before it, and before it was seen or stamped. */
  #checkTimes(latest: ReadonlyMap<number, number>): void {
    let before = -Infinity
    for (const { size, earliest } of this.#times) {
      const at = this.#checkpoints.get(size)?.signedAt.getTime() ?? NaN
      if (Number.isNaN(at)) {
        this.#failed(`The checkpoint of ${size} leaves is said to be signed at no time that there was`)
        continue
      }
      const [from, to] = [Math.max(before, Date.parse(earliest)), latest.get(size) ?? Infinity]
      if (at < from - recordedTimeMayGoBackMs || at > to + recordedTimeMayGoBackMs)
        this.#failed(
          `The checkpoint of ${size} leaves is said to be signed at ${instant(at)}: that is `
            + (at < from ? `before ${instant(from)}, when it was begun` : `after ${instant(to)}, when it was seen`),
        )
      before = Math.max(before, at)
    }
  }

  #failed(what: string) {
    this.report.found({ check: 'consistency', result: 'failed', what })
  }
}
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
/** What is shown in the name of a witness, and is not signed by it, says nothing. */
function isSignedBy(note: string, key: VerifierKey): boolean {
  try {
    return signersOf(parseNote(note), [key]).length > 0
  } catch (error) {
    if (error instanceof FormatError || error instanceof SignatureRefused) return false
    throw error
  }
}
const instant = (ms: number) => new Date(ms).toISOString()
