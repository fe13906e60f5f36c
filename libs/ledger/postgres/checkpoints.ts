import type { Sql } from 'postgres'
import { checkpointText } from '#merkle/checkpoint'
import { openNote } from '#merkle/note'
import { type VerifierKey } from '#merkle/note-key'
import type { CheckpointSink } from '../checkpoint-sink.js'
import type { SignerClient } from '../signer-client.js'
import type { Witnesses } from '../witnesses.js'
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

  /** @throws SignerUnavailable, StoreUnavailable: ask again; CheckpointRefused, SinkDiffers: somebody has to look */
  async publish(): Promise<Published> {
    const standing = await this.reader.standing()
    if (!standing || standing.size === 0) return { kind: 'nothing new' }
    const { log, origin, size } = standing
    const known = await this.reader.signed(log)
    if (known?.size === size) {
      await this.#haveSeen(log, known)
      return { kind: 'nothing new' }
    }
    const text = checkpointText({ origin, size, root: await this.reader.rootAt(log, size) })
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
