import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '#ledger/durable-file'
import { type SignerFolder, readSignerFolder, signerMemory } from '#ledger/signer-folder'
import { type Checkpoint, parseCheckpointText } from '#merkle/checkpoint'
import { FormatError, Unsupported } from '#merkle/format-error'
import { noteOf, signatureLine } from '#merkle/note'
import { SigningKey, type VerifierKey } from '#merkle/note-key'
import { verifyConsistency } from '#merkle/proof'
import { sameHash } from '#merkle/tree-hash'
import { type AddCheckpoint, parseAddCheckpoint } from '#merkle/witness-request'

/** An answer as HTTP has it: 200 and the note; 400, 404, 409 with the size that was signed last, or 422 with what is wrong. */
export type SignerAnswer = { readonly status: 200 | 400 | 404 | 409 | 422; readonly body: string }

const keyFile = 'ledger.key'

/** The signer cannot begin: its folder is not what it should be. The message says what would make it right. */
export class SignerRefusesToStart extends Error {}

/**
 * Signs checkpoints that go on from the one that it signed last, and no others. Its memory is its own: whoever rewrites the database gets
 * no signature. What is signed is on the disk before anybody sees it, so that a signer that was killed signs the same again or goes on,
 * and never two roots of one size.
 */
export class Signer {
  #last: SignerFolder['last']

  private constructor(
    private readonly folder: string,
    private readonly keys: readonly [SigningKey, ...SigningKey[]],
    last: SignerFolder['last'],
    private readonly alarm: (what: string) => void,
  ) {
    this.#last = last
  }

  /** Makes the folder, with a key and an empty memory, or nothing. @throws SignerRefusesToStart where there is one. */
  static initialise(folder: string, origin: string): void {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      throw new SignerRefusesToStart(`${folder} is not empty: a signer is initialised once`)
    const draft = `${folder}.new`
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { recursive: true, mode: 0o700 })
    writeDurably(draft, keyFile, `${SigningKey.generate(origin, 'ed25519').secret()}\n`)
    writeDurably(draft, signerMemory, '')
    renameSync(draft, folder)
  }

  /**
   * @param alarm is told what nobody should ask of a signer. @throws SignerRefusesToStart without keys or memory; FormatError,
   * SignatureRefused for ones that were changed.
   */
  static open(folder: string, alarm: (what: string) => void = () => undefined): Signer {
    if (!existsSync(join(folder, signerMemory)))
      throw new SignerRefusesToStart(
        `${folder} holds no memory of the last checkpoint. Restore it; or, for a new ledger, start with --initialise <origin>`,
      )
    const {
      keys: [first, ...more],
      last,
    } = readSignerFolder(folder)
    if (!first) throw new SignerRefusesToStart(`${folder} holds no key`)
    if (more.some(({ verifier }) => verifier.name !== first.verifier.name))
      throw new SignerRefusesToStart('The keys in the folder are of ledgers with different names')
    return new Signer(folder, [first, ...more], last, alarm)
  }

  get verifiers(): readonly VerifierKey[] {
    return this.keys.map(({ verifier }) => verifier)
  }
  /** The checkpoint that was signed last, as a note. */
  get last(): string | undefined {
    return this.#last?.note
  }
  get origin(): string {
    return this.keys[0].verifier.name
  }

  /** Nothing in between is awaited: of two requests at the same time one comes after the other. */
  sign(body: string): SignerAnswer {
    let asked: AddCheckpoint & { readonly parsed: Checkpoint }
    try {
      const request = parseAddCheckpoint(body)
      asked = { ...request, parsed: parseCheckpointText(request.checkpoint) }
    } catch (error) {
      if (error instanceof FormatError || error instanceof Unsupported) return { status: 400, body: error.message }
      throw error
    }
    return this.#answer(asked.old, asked.proof, asked.checkpoint, asked.parsed)
  }

  #answer(old: number, proof: AddCheckpoint['proof'], text: string, { origin, size, root }: Checkpoint): SignerAnswer {
    if (origin !== this.origin) return { status: 404, body: 'This signer signs for another ledger' }
    if (text.split('\n').length !== 4) return { status: 400, body: 'A checkpoint is signed with three lines' }
    const last = this.#last?.checkpoint
    if (last && size < last.size) return this.#refused('a smaller ledger than the one that was signed last')
    if (last && this.#last && size === last.size)
      return sameHash(root, last.root)
        ? { status: 200, body: this.#last.note }
        : this.#refused('another root for the size that was signed last')
    if (old !== (last?.size ?? 0)) return { status: 409, body: `${last?.size ?? 0}\n` }
    if (last ? !verifyConsistency(last.size, size, proof, last.root, root) : proof.length > 0)
      return this.#refused('a checkpoint that does not go on from the one that was signed last')
    const note = noteOf(
      text,
      this.keys.map(key => signatureLine(key, text, 0)),
    )
    writeDurably(this.folder, signerMemory, note)
    this.#last = { checkpoint: { origin, size, root }, note }
    return { status: 200, body: note }
  }

  #refused(what: string): SignerAnswer {
    this.alarm(what)
    return { status: 422, body: `Somebody asked for ${what}` }
  }
}
