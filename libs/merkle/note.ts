import { parseCheckpointText } from './checkpoint.js'
import { fromBase64, fromUtf8, linesOf } from './encoding.js'
import { FormatError, NoKnownKey, SignatureRefused } from './format-error.js'
import { type SigningKey, type VerifierKey, assertKeyName, isCheckable, kindOf, verifies } from './note-key.js'

export type NoteSignature = {
  readonly name: string
  readonly keyId: string
  /** What follows the key's id: the signature; of a cosignature, behind 8 bytes of time. */
  readonly signature: Buffer
  /** With its newline. */
  readonly line: string
}
/** A text that ends in a newline, and what signs it. Nothing about it is believed before `openNote` has checked it. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] }
export type SignedBy = {
  readonly key: VerifierKey
  readonly line: string
  /** When a witness says that it saw the text, in Unix seconds; undefined for a key that says no time. */
  readonly time: number | undefined
}

const maxSignatures = 100
const maxBytes = 1_000_000
const timeSize = 8
/** The last second of the year 9999: no witness saw anything later. */
const latest = 253_402_300_799n

/** c2sp.org/signed-note. @throws FormatError */
export function parseNote(given: Uint8Array | string): Note {
  const note = typeof given === 'string' ? given : fromUtf8(given, 'A note')
  if (Buffer.byteLength(note) > maxBytes) throw new FormatError('A note is at most a million bytes')
  if (!note.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new FormatError('A note is UTF-8 without control characters')
  const end = note.lastIndexOf('\n\n')
  if (end < 0) throw new FormatError('A note is a text, a blank line and signatures')
  const [text, lines] = [note.slice(0, end + 1), linesOf(note.slice(end + 2), 'A note')]
  if (lines.length === 0) throw new FormatError('A note has a signature')
  if (lines.length > maxSignatures) throw new FormatError(`A note has at most ${maxSignatures} signatures`)
  return { text, signatures: lines.map(parseSignatureLine) }
}

/** @throws FormatError */
export function parseSignatureLine(line: string): NoteSignature {
  const [, name, encoded] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? []
  if (name === undefined || encoded === undefined) throw new FormatError('A signature is a line of a dash, a key name and base64')
  assertKeyName(name)
  const bytes = fromBase64(encoded, 'A signature')
  if (bytes.length < 5) throw new FormatError('A signature begins with the four bytes of the id of its key')
  return { name, keyId: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4), line: `${line}\n` }
}

/**
 * Which of these keys signed. Signatures by other keys say nothing, and neither do those that this Node cannot check: `uncheckedBy` names
 * them. @throws SignatureRefused when one in the name of one of these keys is not by it; FormatError, Unsupported for a text that is no
 * checkpoint under a signature of one.
 */
export function signersOf({ text, signatures }: Note, keys: readonly VerifierKey[]): readonly SignedBy[] {
  return signatures.flatMap(({ name, keyId, signature, line }) => {
    const key = keys.find(one => one.name === name && one.id === keyId)
    if (!key) return []
    const { isTimed, signatureSize } = kindOf(key)
    if (signature.length !== (isTimed ? timeSize : 0) + signatureSize) throw notByIt()
    const time = isTimed ? signature.readBigUInt64BE() : 0n
    if (time > latest) throw notByIt()
    if (!isCheckable(key)) return []
    if (!verifies(key, signedBytes(key, text, time), signature.subarray(isTimed ? timeSize : 0))) throw notByIt()
    return [{ key, line, time: isTimed ? Number(time) : undefined }]
  })
}
const notByIt = () => new SignatureRefused('A signature in the name of a known key is not by that key')

/** Which of these keys there are signatures of that this Node cannot check. */
export const uncheckedBy = ({ signatures }: Note, keys: readonly VerifierKey[]): readonly VerifierKey[] =>
  keys.filter(key => !isCheckable(key) && signatures.some(({ name, keyId }) => name === key.name && keyId === key.id))

/**
 * A note that at least one of these keys signed. @throws FormatError; NoKnownKey when none did; SignatureRefused for one in their name
 * that is not by them.
 */
export function openNote(
  note: Uint8Array | string,
  keys: readonly VerifierKey[],
): { readonly text: string; readonly signedBy: readonly SignedBy[] } {
  const parsed = parseNote(note)
  const signedBy = signersOf(parsed, keys)
  if (signedBy.length === 0) throw new NoKnownKey('No known key signed this note')
  return { text: parsed.text, signedBy }
}

/** What a key signs: c2sp.org/signed-note, c2sp.org/tlog-cosignature. */
function signedBytes({ kind, name }: VerifierKey, text: string, time: bigint): Buffer {
  switch (kind) {
    case 'ed25519':
      return Buffer.from(text)
    case 'cosignature':
      return cosigned(text, time)
    case 'ml-dsa-44': {
      const { origin, size, root } = parseCheckpointText(text)
      return Buffer.concat([
        Buffer.from('subtree/v1\n\0'),
        behindItsLength(name),
        eightBytes(time),
        behindItsLength(origin),
        eightBytes(0n),
        eightBytes(BigInt(size)),
        root,
      ])
    }
  }
}
const cosigned = (text: string, time: bigint) => Buffer.from(`cosignature/v1\ntime ${time}\n${text}`)
function behindItsLength(text: string) {
  const bytes = Buffer.from(text)
  if (bytes.length > 255) throw new FormatError('What ML-DSA-44 signs names a witness and an origin in at most 255 bytes')
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}
function eightBytes(value: bigint) {
  const bytes = Buffer.alloc(timeSize)
  bytes.writeBigUInt64BE(value)
  return bytes
}

/**
 * The line that signs a text, with its newline. A key for cosignatures says the time, in Unix seconds. @throws FormatError for a text
 * that a note cannot hold.
 */
export function signatureLine(key: SigningKey, text: string, time: number): string {
  if (!text.endsWith('\n')) throw new FormatError('The text of a note ends in a newline')
  const { name, id, kind } = key.verifier
  const signature =
    kind === 'ed25519' ? key.sign(Buffer.from(text)) : Buffer.concat([eightBytes(BigInt(time)), key.sign(cosigned(text, BigInt(time)))])
  return `\u2014 ${name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`
}

/** A text and the lines that sign it. */
export const noteOf = (text: string, lines: readonly string[]) => `${text}\n${lines.join('')}`
