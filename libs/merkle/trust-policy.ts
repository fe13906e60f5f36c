import { type Checkpoint, parseCheckpointText } from './checkpoint.js'
import { fromBase64, fromUtf8 } from './encoding.js'
import { FormatError, NoKnownKey, SignatureRefused, Unsupported } from './format-error.js'
import { parseNote, signersOf, uncheckedBy } from './note.js'
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
  /** Without a quorum: the witnesses whose signatures are there and would make it one, but are of a kind that this Node cannot check. */
  readonly unchecked: readonly string[]
}
type Witness = { readonly name: string; readonly key: VerifierKey | undefined; readonly url: string | undefined }
type Group = { readonly needed: number; readonly members: readonly string[] }

const most = 1_000

/**
 * Whom to believe, in the hands of whoever checks: c2sp.org/tlog-policy. One line more is understood than is in there: `origin <text>`
 * below a log, whose checkpoints begin with this text instead of the name of its key.
 */
export class TrustPolicy {
  readonly logs: readonly VerifierKey[]
  readonly witnesses: readonly Witness[]
  /** Logs and witnesses whose keys are of a type that this library does not know: they are never believed. */
  readonly unsupported: readonly string[]
  readonly #origins: ReadonlyMap<VerifierKey, string>
  readonly #groups: ReadonlyMap<string, Group>
  readonly #quorum: string

  private constructor(parsed: ParsedPolicy, quorum: string) {
    this.logs = parsed.logs
    this.witnesses = [...parsed.witnesses.values()]
    this.unsupported = parsed.unsupported
    this.#origins = parsed.origins
    this.#groups = parsed.groups
    this.#quorum = quorum
  }

  /** @param name of the file, for the message. @throws FormatError, which names the line and the rule. */
  static parse(policy: Uint8Array | string, name = 'The trust policy'): TrustPolicy {
    // Every octet a character: the format compares octets, and only spaces and tabs part words.
    const lines = Buffer.from(policy).toString('latin1').split('\n')
    const parsed = new ParsedPolicy()
    let at = 0
    try {
      for (const line of lines.slice(0, -1)) {
        if (++at > most) throw new FormatError(`A trust policy has at most ${most} lines`)
        parsed.line(line)
      }
      at = lines.length
      if (lines.at(-1) !== '') throw new FormatError('A trust policy ends in a newline')
      if (parsed.quorum === undefined) throw new FormatError('A trust policy has a quorum')
      return new TrustPolicy(parsed, parsed.quorum)
    } catch (error) {
      throw error instanceof FormatError ? new FormatError(`${name}, line ${at}: ${error.message}`) : error
    }
  }

  /**
   * A checkpoint that one of the logs signed under its own name. @throws FormatError, NoKnownKey, SignatureRefused; Unsupported, also for
   * one that only keys signed which this Node cannot check
   */
  open(given: Uint8Array | string): TrustedCheckpoint {
    const note = parseNote(given)
    const signedBy = signersOf(note, this.logs)
    const [unchecked] = uncheckedBy(note, this.logs)
    if (signedBy.length === 0 && unchecked)
      throw new Unsupported(`${unchecked.name} signed with ML-DSA-44, which needs Node 24.6 or newer to be checked`)
    if (signedBy.length === 0) throw new NoKnownKey('No known key signed this note')
    const checkpoint = parseCheckpointText(note.text)
    if (signedBy.some(({ key }) => (this.#origins.get(key) ?? key.name) !== checkpoint.origin))
      throw new SignatureRefused('A checkpoint is signed by a log of another name')
    const ofWitnesses = this.witnesses.flatMap(({ key }) => key ?? [])
    const seen = signersOf(note, ofWitnesses)
    const witnessed = this.witnesses.flatMap(({ name, key }) =>
      seen
        .filter(by => by.key === key)
        .slice(0, 1)
        .map(({ time, line }) => ({ name, time: time as number, line })),
    )
    const names = witnessed.map(({ name }) => name)
    const unseen = uncheckedBy(note, ofWitnesses)
    const maybe = this.witnesses.filter(({ key }) => key && unseen.includes(key)).map(({ name }) => name)
    const quorum = this.isMetBy(new Set(names))
    return {
      checkpoint,
      signedBy: signedBy.map(({ key }) => key),
      witnessed,
      quorum,
      unchecked: !quorum && this.isMetBy(new Set([...names, ...maybe])) ? maybe : [],
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
  readonly origins = new Map<VerifierKey, string>()
  readonly witnesses = new Map<string, Witness>()
  readonly groups = new Map<string, Group>()
  readonly unsupported: string[] = []
  quorum: string | undefined
  readonly #grouped = new Set<string>()
  /** The bytes of every key so far: the same key under another name, or as another's, is the same key. */
  readonly #keys = new Set<string>()
  #above: VerifierKey | 'unsupported' | undefined

  line(line: string) {
    if (/[^\t\u0020-\u007e\u0080-\u00ff]/.test(line))
      throw new FormatError('A trust policy holds no control characters but tabs and newlines')
    const words = line.split(/[ \t]+/).filter(word => word !== '')
    if (words[0] === undefined || words[0].startsWith('#')) return
    if (words[0] === 'origin') this.#origin(line)
    else {
      this.#above = undefined
      this.#take(words)
    }
  }

  #take([word = '', ...rest]: readonly string[]) {
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
        throw new FormatError('A line of a trust policy begins with log, origin, witness, group or quorum')
    }
  }

  #log([vkey, _url, ...more]: readonly string[]) {
    if (vkey === undefined || more.length > 0) throw new FormatError('A log is: log <vkey> [<url>]')
    const key = this.#keyOf(vkey)
    this.#above = key ?? 'unsupported'
    if (key) this.logs.push(key)
  }

  /** All of the line behind its first word: an origin may hold spaces. */
  #origin(line: string) {
    const [, octets] = /^[ \t]*origin[ \t]+(.*[^ \t])[ \t]*$/s.exec(line) ?? []
    const key = this.#above
    if (octets === undefined || key === undefined) throw new FormatError('An origin is: origin <text>, on the line below its log')
    if (key !== 'unsupported') this.origins.set(key, fromUtf8(Buffer.from(octets, 'latin1'), 'An origin'))
    this.#above = undefined
  }

  #witness([name, vkey, url, ...more]: readonly string[]) {
    if (name === undefined || vkey === undefined || more.length > 0) throw new FormatError('A witness is: witness <name> <vkey> [<url>]')
    this.#assertNew(name)
    const key = this.#keyOf(vkey)
    if (key?.kind === 'ed25519') throw new FormatError('The key of a witness is one for cosignatures')
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
      const key = parseVerifierKey(vkey)
      this.#assertNewKey(key.publicKey)
      return key
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error
      // Its name and id hold no plus sign; its base64 may.
      const [name = '', , ...material] = vkey.split('+')
      this.#assertNewKey(fromBase64(material.join('+'), 'The key in a verifier key').subarray(1))
      this.unsupported.push(name)
      return undefined
    }
  }

  #assertNewKey(bytes: Buffer) {
    const key = bytes.toString('base64')
    if (this.#keys.has(key)) throw new FormatError('A key is listed once, as one log or one witness')
    this.#keys.add(key)
  }
}
