import type { Sql } from 'postgres'
import { type Checkpoint, checkpointText, parseCheckpointText } from '#merkle/checkpoint'
import { openNote } from '#merkle/note'
import { type VerifierKey } from '#merkle/note-key'
import { sameHash } from '#merkle/tree-hash'
import type { CheckpointSink } from '../checkpoint-sink.js'
import type { SignerClient } from '../signer-client.js'
import type { Witnesses } from '../witnesses.js'
import { grownSince } from './grown.js'
import type { LedgerReader } from './ledger-reader.js'

/**
 * What came of asking for a checkpoint. `waiting`: the signer has signed more than the ledger holds, as after a restore; what is missing
 * is sequenced again first.
 */
export type Published =
  | { readonly kind: 'signed'; readonly size: number }
  | { readonly kind: 'nothing new' }
  | { readonly kind: 'waiting'; readonly signed: number; readonly size: number }

/** The signer refused: the ledger is not the one that it signed before, or its answer is not to be believed. Somebody has to look. */
export class CheckpointRefused extends Error {
  constructor(readonly why: string) {
    super(`The signer of checkpoints refused: ${why}`)
  }
}

/** Has the ledger's newest state signed, and keeps what was signed. */
export class Checkpoints {
  /** @param keys of which one has to sign. @param witnesses who are shown each checkpoint. @param sink that keeps each. */
  constructor(
    private readonly sql: Sql,
    private readonly reader: LedgerReader,
    private readonly signer: SignerClient,
    private readonly keys: readonly VerifierKey[],
    private readonly witnesses?: Witnesses,
    private readonly sink?: CheckpointSink,
  ) {}

  /**
   * What is signed was recomputed from the bytes of the leaves, from what was signed last. @throws SignerUnavailable, StoreUnavailable: ask
   * again; LedgerAltered, CheckpointRefused, SinkDiffers: somebody has to look, and nothing is signed until then
   */
  async publish(): Promise<Published> {
    const live = await this.reader.standing()
    const known = live && (await this.reader.signed(live.log))
    // Read after what was signed: it has all that was signed.
    const standing = await this.reader.standing()
    if (!standing || standing.size === 0 || standing.log !== live?.log) return { kind: 'nothing new' }
    const { log, origin, size } = standing
    const { edge } = await grownSince(this.sql, standing, known, this.keys)
    const remembered = await this.#remembered(origin)
    if (remembered && remembered.size > size) return { kind: 'waiting', signed: remembered.size, size }
    if (remembered && !sameHash(remembered.root, await this.reader.rootAt(log, remembered.size)))
      throw new CheckpointRefused(`it signed another ledger of ${remembered.size} leaves`)
    if (known?.size === size) {
      await this.#haveSeen(log, known)
      return { kind: 'nothing new' }
    }
    const text = checkpointText({ origin, size, root: edge.root() })
    const ask = async (old: number) =>
      this.signer.sign({ old, proof: old === 0 ? [] : await this.reader.consistency(log, old, size), checkpoint: text })
    let answer = await ask(known?.size ?? 0)
    if (answer.kind === 'at' && answer.size > size) return { kind: 'waiting', signed: answer.size, size }
    if (answer.kind === 'at') answer = await ask(answer.size)
    if (answer.kind !== 'signed')
      throw new CheckpointRefused(answer.kind === 'refused' ? answer.why : 'it changed its mind about what it signed last')
    if (openNote(answer.note, this.keys).text !== text) throw new CheckpointRefused('it signed something else')
    await this.sql`insert into ledger.checkpoint (log, size, note) values (${log}, ${String(size)}, ${answer.note}) on conflict do nothing`
    await this.#haveSeen(log, { size, note: answer.note })
    return { kind: 'signed', size }
  }

  /** What the signer signed last of this ledger: asked each time, because an older copy of the database has nothing new to be signed. */
  async #remembered(origin: string): Promise<Checkpoint | undefined> {
    const note = await this.signer.last()
    const last = note === undefined ? undefined : parseCheckpointText(openNote(note, this.keys).text)
    return last?.origin === origin ? last : undefined
  }

  /** Puts it into the sink, and asks the witnesses that have not yet seen a checkpoint; keeps what they answer. */
  async #haveSeen(log: number, { size, note }: { readonly size: number; readonly note: string }): Promise<void> {
    this.sink?.keep(size, note)
    const cosigned = (await this.witnesses?.cosign(size, note, old => this.reader.consistency(log, old, size))) ?? []
    for (const { witness, line } of cosigned)
      await this.sql`
          insert into ledger.cosignature (log, size, witness, line) values (${log}, ${String(size)}, ${witness}, ${line})
          on conflict do nothing`
  }
}
