import { type Checkpoint, parseCheckpointText } from './checkpoint.js'
import { fromUtf8, linesOf } from './encoding.js'
import { FormatError, SignatureRefused, Unsupported } from './format-error.js'
import { openNote, parseNote, signersOf } from './note.js'
import { type VerifierKey, parseVerifierKey } from './note-key.js'

/** Which witness saw a checkpoint, by its name in the policy, and when it says that it did, in Unix seconds. */
export type Witnessed = { readonly name: string; readonly time: number; readonly line: string }
export type TrustedCheckpoint = {
  readonly checkpoint: Checkpoint
  /** The names of the log's keys that signed. */
  readonly signedBy: readonly VerifierKey[]
  readonly witnessed: readonly Witnessed[]
  /** Whether the witnesses that saw it are those that the policy asks for. */
  readonly quorum: boolean
}
type Witness = { readonly name: string; readonly key: VerifierKey | undefined; readonly url: string | undefined }
type Group = { readonly needed: number; readonly members: readonly string[] }

const most = 1_000

/** Whom to believe, in the hands of whoever checks: c2sp.org/tlog-policy. */
export class TrustPolicy {
  readonly logs: readonly VerifierKey[]
  readonly witnesses: readonly Witness[]
  /** Logs and witnesses whose keys are of a type that this library does not know: they are never believed. */
  readonly unsupported: readonly string[]
  readonly #groups: ReadonlyMap<string, Group>
  readonly #quorum: string

  private constructor(parsed: ParsedPolicy, quorum: string) {
    this.logs = parsed.logs
    this.witnesses = [...parsed.witnesses.values()]
    this.unsupported = parsed.unsupported
    this.#groups = parsed.groups
    this.#quorum = quorum
  }

  /** @throws FormatError */
  static parse(policy: Uint8Array | string): TrustPolicy {
    // Every octet a character: the format compares octets, and only spaces and tabs part words.
    const text = Buffer.from(policy).toString('latin1')
    if (/[^\t\n\u0020-\u007e\u0080-\u00ff]/.test(text))
      throw new FormatError('A trust policy holds no control characters but tabs and newlines')
    const lines = linesOf(text, 'A trust policy')
    if (lines.length > most) throw new FormatError(`A trust policy has at most ${most} lines`)
    const parsed = new ParsedPolicy()
    for (const line of lines) {
      const words = line.split(/[ \t]+/).filter(word => word !== '')
      if (words[0] !== undefined && !words[0].startsWith('#')) parsed.take(words)
    }
    if (parsed.quorum === undefined) throw new FormatError('A trust policy has a quorum')
    return new TrustPolicy(parsed, parsed.quorum)
  }

  /** A checkpoint that one of the logs signed under its own name. @throws FormatError, Unsupported; SignatureRefused */
  open(note: string): TrustedCheckpoint {
    const { text, signedBy } = openNote(note, this.logs)
    const checkpoint = parseCheckpointText(text)
    if (signedBy.some(({ key }) => key.name !== checkpoint.origin))
      throw new SignatureRefused('A checkpoint is signed by a log of another name')
    const seen = signersOf(
      parseNote(note),
      this.witnesses.flatMap(({ key }) => key ?? []),
    )
    const witnessed = this.witnesses.flatMap(({ name, key }) =>
      seen
        .filter(by => by.key === key)
        .slice(0, 1)
        .map(({ time, line }) => ({ name, time: time as number, line })),
    )
    return {
      checkpoint,
      signedBy: signedBy.map(({ key }) => key),
      witnessed,
      quorum: this.isMetBy(new Set(witnessed.map(({ name }) => name))),
    }
  }

  /** Whether these witnesses are as many, and those, that the quorum asks for. */
  isMetBy(names: ReadonlySet<string>): boolean {
    const met = (name: string): boolean => {
      const group = this.#groups.get(name)
      return group ? group.members.filter(met).length >= group.needed : names.has(name)
    }
    return this.#quorum === 'none' || met(this.#quorum)
  }
}

/** A policy as far as it was read: a name can only be used below the line that says what it is. */
class ParsedPolicy {
  readonly logs: VerifierKey[] = []
  readonly witnesses = new Map<string, Witness>()
  readonly groups = new Map<string, Group>()
  readonly unsupported: string[] = []
  quorum: string | undefined
  readonly #grouped = new Set<string>()

  take([word = '', ...rest]: readonly string[]) {
    switch (word) {
      case 'log':
        this.#log(rest)
        return
      case 'witness':
        this.#witness(rest)
        return
      case 'group':
        this.#group(rest)
        return
      case 'quorum':
        this.#setQuorum(rest)
        return
      default:
        throw new FormatError('A line of a trust policy begins with log, witness, group or quorum')
    }
  }

  #log([vkey, _url, ...more]: readonly string[]) {
    if (vkey === undefined || more.length > 0) throw new FormatError('A log is: log <vkey> [<url>]')
    const key = this.#keyOf(vkey)
    if (!key) return
    if (this.logs.some(known => known.publicKey.equals(key.publicKey))) throw new FormatError('A log is listed once')
    this.logs.push(key)
  }

  #witness([name, vkey, url, ...more]: readonly string[]) {
    if (name === undefined || vkey === undefined || more.length > 0) throw new FormatError('A witness is: witness <name> <vkey> [<url>]')
    this.#assertNew(name)
    const key = this.#keyOf(vkey)
    if (key?.kind === 'ed25519') throw new FormatError('The key of a witness is one for cosignatures')
    if (key && [...this.witnesses.values()].some(known => known.key?.publicKey.equals(key.publicKey)))
      throw new FormatError('A witness is listed once')
    this.witnesses.set(name, { name, key, url })
  }

  #group([name, threshold, ...members]: readonly string[]) {
    if (name === undefined || threshold === undefined || members.length === 0)
      throw new FormatError('A group is: group <name> <k|all|any> <member> …')
    this.#assertNew(name)
    for (const member of members) {
      if (!this.witnesses.has(member) && !this.groups.has(member)) throw new FormatError('A group has members that stand above it')
      if (this.#grouped.has(member)) throw new FormatError('A witness or group is a member once')
      this.#grouped.add(member)
    }
    const needed =
      threshold === 'any' ? 1 : threshold === 'all' ? members.length : /^[1-9][0-9]{0,3}$/.test(threshold) ? Number(threshold) : NaN
    if (!(needed >= 1 && needed <= members.length)) throw new FormatError('A group needs any, all or a number of its members')
    this.groups.set(name, { needed, members })
  }

  #setQuorum([name, ...more]: readonly string[]) {
    if (name === undefined || more.length > 0) throw new FormatError('A quorum is: quorum <name>, or quorum none')
    if (this.quorum !== undefined) throw new FormatError('A trust policy has one quorum')
    if (name !== 'none' && !this.witnesses.has(name) && !this.groups.has(name))
      throw new FormatError('A quorum is a witness or group that stands above it')
    this.quorum = name
  }

  #assertNew(name: string) {
    if (name === 'none' || this.witnesses.has(name) || this.groups.has(name))
      throw new FormatError('A name in a trust policy is given once, and none is taken')
  }

  #keyOf(octets: string): VerifierKey | undefined {
    const vkey = fromUtf8(Buffer.from(octets, 'latin1'), 'A verifier key')
    try {
      return parseVerifierKey(vkey)
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error
      this.unsupported.push(vkey.split('+')[0] as string)
      return undefined
    }
  }
}
