import { fromBase64, linesOf } from './encoding.js'
import { FormatError, NoKnownKey, SignatureRefused } from './format-error.js'
import { type SigningKey, type VerifierKey, assertKeyName, verifies } from './note-key.js'

export type NoteSignature = {
  readonly name: string
  readonly keyId: string
  /** What follows the key's id: 64 bytes for Ed25519; for a cosignature, 8 bytes of time and then 64. */
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
const maxLength = 1_000_000
const timeSize = 8

/** c2sp.org/signed-note. @throws FormatError */
export function parseNote(note: string): Note {
  if (note.length > maxLength) throw new FormatError('A note is at most a million characters')
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
 * Which of these keys signed. Signatures by other keys say nothing. @throws SignatureRefused when one in the name of one of these keys is
 * not by it.
 */
export function signersOf({ text, signatures }: Note, keys: readonly VerifierKey[]): readonly SignedBy[] {
  return signatures.flatMap(({ name, keyId, signature, line }) => {
    const key = keys.find(one => one.name === name && one.id === keyId)
    if (!key) return []
    const time = checked(key, text, signature)
    if (time === false) throw new SignatureRefused('A signature in the name of a known key is not by that key')
    return [{ key, line, time }]
  })
}

/**
 * A note that at least one of these keys signed. @throws FormatError; NoKnownKey when none did; SignatureRefused for one in their name
 * that is not by them.
 */
export function openNote(note: string, keys: readonly VerifierKey[]): { readonly text: string; readonly signedBy: readonly SignedBy[] } {
  const parsed = parseNote(note)
  const signedBy = signersOf(parsed, keys)
  if (signedBy.length === 0) throw new NoKnownKey('No known key signed this note')
  return { text: parsed.text, signedBy }
}

/** The time that the signature says, undefined where it says none, or false for one that is not by this key. */
function checked(key: VerifierKey, text: string, signature: Buffer): number | undefined | false {
  switch (key.kind) {
    case 'ed25519':
      return signature.length === 64 && verifies(key, text, signature) ? undefined : false
    case 'cosignature': {
      if (signature.length !== timeSize + 64) return false
      const time = signature.readBigUInt64BE()
      return time <= BigInt(Number.MAX_SAFE_INTEGER) && verifies(key, cosigned(text, Number(time)), signature.subarray(timeSize))
        ? Number(time)
        : false
    }
  }
}

/** What a cosignature of version 1 signs: c2sp.org/tlog-cosignature. */
const cosigned = (text: string, time: number) => `cosignature/v1\ntime ${time}\n${text}`

/**
 * The line that signs a text, with its newline. A key for cosignatures says the time, in Unix seconds. @throws FormatError for a text
 * that a note cannot hold.
 */
export function signatureLine(key: SigningKey, text: string, time: number): string {
  if (!text.endsWith('\n')) throw new FormatError('The text of a note ends in a newline')
  const { name, id, kind } = key.verifier
  const signature = kind === 'ed25519' ? key.sign(text) : Buffer.concat([eightBytes(time), key.sign(cosigned(text, time))])
  return `\u2014 ${name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`
}
function eightBytes(time: number) {
  const bytes = Buffer.alloc(timeSize)
  bytes.writeBigUInt64BE(BigInt(time))
  return bytes
}

/** A text and the lines that sign it. */
export const noteOf = (text: string, lines: readonly string[]) => `${text}\n${lines.join('')}`
