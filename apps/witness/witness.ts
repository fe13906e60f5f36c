import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '#ledger/durable-file'
import { type Checkpoint, NotEmpty, parseCheckpointText } from '#merkle/checkpoint'
import { FormatError, SignatureRefused, Unsupported } from '#merkle/format-error'
import { noteOf, openNote, parseNote, signatureLine } from '#merkle/note'
import { SigningKey, type VerifierKey, parseVerifierKey } from '#merkle/note-key'
import { verifyConsistency } from '#merkle/proof'
import { sameHash } from '#merkle/tree-hash'
import { parseAddCheckpoint } from '#merkle/witness-request'

/** An answer of c2sp.org/tlog-witness. */
export type WitnessAnswer = {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422
  readonly body: string
  readonly type?: 'text/x.tlog.size'
}

/** A log that is watched: mostly the origin of its checkpoints is the name of its key. */
type WatchedLog = { readonly key: VerifierKey; readonly origin: string }

const keyFile = 'witness.key'
const logsFile = 'logs'

/** What the witness remembers is not what it cosigned. Nothing is cosigned until somebody has looked. */
class MemoryChanged extends Error {}
/** The witness cannot begin: its folder is not what it should be. The message says what would make it right. */
export class WitnessRefusesToStart extends Error {}

/**
 * Cosigns checkpoints of the logs that it knows, each only where it goes on from the last one of that log: a log that shows two histories
 * gets one of them cosigned. Made to be run by somebody else than the log. It keeps the whole checkpoint of each log, signatures and all,
 * because two of them that do not agree are the proof of a fraud.
 */
export class Witness {
  private constructor(
    private readonly folder: string,
    private readonly key: SigningKey,
    private readonly logs: readonly WatchedLog[],
    private readonly now: () => number,
    private readonly alarm: (what: string) => void,
  ) {}

  /** Makes a key, where there is none. The logs to watch are lines of verifier keys in the file `logs`. @throws WitnessRefusesToStart */
  static initialise(folder: string, name: string): void {
    if (existsSync(join(folder, keyFile))) throw new WitnessRefusesToStart(`${folder} holds a key already: a witness is initialised once`)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeDurably(folder, keyFile, `${SigningKey.generate(name, 'cosignature').secret()}\n`)
  }

  /**
   * @param now in Unix seconds. @param alarm is told what a log should never ask. @throws WitnessRefusesToStart; FormatError, Unsupported
   * for keys that are none
   */
  static open(folder: string, now: () => number, alarm: (what: string) => void = () => undefined): Witness {
    const read = (name: string, remedy: string) => {
      if (!existsSync(join(folder, name))) throw new WitnessRefusesToStart(`${folder} holds no ${name}: ${remedy}`)
      return readFileSync(join(folder, name), 'utf8')
    }
    const key = SigningKey.parse(read(keyFile, 'start with --initialise <name>').trim())
    if (key.verifier.kind !== 'cosignature') throw new WitnessRefusesToStart('The key of a witness is one for cosignatures')
    return new Witness(
      folder,
      key,
      read(logsFile, 'write a verifier key a line of the logs to watch')
        .split('\n')
        .filter(line => line !== '' && !line.startsWith('#'))
        .map(watchedLog),
      now,
      alarm,
    )
  }

  get vkey(): string {
    return this.key.verifier.vkey
  }

  /** Nothing in between is awaited: of two requests at the same time one comes after the other. */
  addCheckpoint(body: string): WitnessAnswer {
    try {
      const { old, proof, checkpoint: note } = parseAddCheckpoint(body)
      const { text } = parseNote(note)
      // In the order of the specification: whatever else is wrong is not said to a log that is not watched, or to a stranger.
      const origin = text.slice(0, text.indexOf('\n'))
      const keys = this.logs.filter(log => log.origin === origin).map(({ key }) => key)
      if (keys.length === 0) return { status: 404, body: 'This witness does not watch a log of that name\n' }
      const { signedBy } = openNote(note, keys)
      const checkpoint = parseCheckpointText(text)
      if (old > checkpoint.size) return { status: 400, body: 'The old size is larger than the new one\n' }
      const last = this.#last(origin)
      if (old !== (last?.size ?? 0)) return { status: 409, body: `${last?.size ?? 0}\n`, type: 'text/x.tlog.size' }
      if (!goesOn(last, checkpoint, proof)) return this.#refused(origin)
      const line = signatureLine(this.key, text, this.now())
      const ofLog = signedBy.map(({ line: signature }) => signature)
      writeDurably(this.folder, fileOf(origin), noteOf(text, [...ofLog, line]))
      return { status: 200, body: line }
    } catch (error) {
      if (error instanceof SignatureRefused) return { status: 403, body: `${error.message}\n` }
      if (error instanceof NotEmpty) return { status: 422, body: `${error.message}\n` }
      if (error instanceof FormatError || error instanceof Unsupported) return { status: 400, body: `${error.message}\n` }
      throw error
    }
  }

  #refused(origin: string): WitnessAnswer {
    this.alarm(`${origin} asked for a checkpoint that does not go on from the one that was cosigned last`)
    return { status: 422, body: 'The checkpoint does not go on from the one that was cosigned last\n' }
  }

  /** The checkpoint that was cosigned last, by the SHA-256 of its log's origin in hex: for those who watch the log with us. */
  checkpoint(originHash: string): string | undefined {
    const file = `${originHash}.note`
    return /^[0-9a-f]{64}$/.test(originHash) && existsSync(join(this.folder, file))
      ? readFileSync(join(this.folder, file), 'utf8')
      : undefined
  }

  /** @throws MemoryChanged */
  #last(origin: string): Checkpoint | undefined {
    const note = this.checkpoint(hashOf(origin))
    if (note === undefined) return undefined
    try {
      return parseCheckpointText(openNote(note, [this.key.verifier]).text)
    } catch {
      throw new MemoryChanged()
    }
  }
}

/** A line of `logs`: a verifier key and, where the log's checkpoints have another origin than its name, that origin. @throws FormatError */
function watchedLog(line: string): WatchedLog {
  const [vkey = '', origin] = line.split(/ (.*)/)
  const key = parseVerifierKey(vkey)
  return { key, origin: origin || key.name }
}

function goesOn(last: Checkpoint | undefined, { size, root }: Checkpoint, proof: Parameters<typeof verifyConsistency>[2]): boolean {
  if (!last || last.size === 0) return proof.length === 0
  if (size === last.size) return proof.length === 0 && sameHash(root, last.root)
  return verifyConsistency(last.size, size, proof, last.root, root)
}

const hashOf = (origin: string) => createHash('sha256').update(origin).digest('hex')
const fileOf = (origin: string) => `${hashOf(origin)}.note`
