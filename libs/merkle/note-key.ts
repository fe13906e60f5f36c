import { type KeyObject, createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { fromBase64 } from './encoding.js'
import { FormatError, Unsupported } from './format-error.js'

/**
 * What a signature says: `ed25519` signs the text of a note; `cosignature` the text and the time at which a witness saw it;
 * `ml-dsa-44` the origin, size and root in the text, the witness's name and the time (c2sp.org/tlog-cosignature). The type is the byte
 * before the key, and sizes are in bytes.
 */
const kinds = {
  ed25519: { type: 0x01, keySize: 32, signatureSize: 64, isTimed: false },
  cosignature: { type: 0x04, keySize: 32, signatureSize: 64, isTimed: true },
  'ml-dsa-44': { type: 0x06, keySize: 1_312, signatureSize: 2_420, isTimed: true },
} as const
export type SignatureKind = keyof typeof kinds
/** What this library signs with. */
export type SigningKind = Exclude<SignatureKind, 'ml-dsa-44'>
export const kindOf = ({ kind }: VerifierKey) => kinds[kind]

/** A key that signatures are checked with. */
export type VerifierKey = {
  readonly name: string
  /** Eight hexadecimal digits. */
  readonly id: string
  readonly kind: SignatureKind
  readonly publicKey: Buffer
  /** The key as text: `name+id+base64(type || key)`. */
  readonly vkey: string
}

const unusable = /[\p{White_Space}+]/u
const seedPrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
/** What stands before the bytes of a key in its SubjectPublicKeyInfo. */
const keyPrefixes: { readonly [K in SignatureKind]: Buffer } = {
  ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
  cosignature: Buffer.from('302a300506032b6570032100', 'hex'),
  'ml-dsa-44': Buffer.from('30820532300b06096086480165030403110382052100', 'hex'),
}

/** @throws FormatError for a name that a signature line cannot hold. */
export function assertKeyName(name: string) {
  if (name === '' || unusable.test(name) || /[\u0000-\u001f]/.test(name) || !name.isWellFormed())
    throw new FormatError('A key name is not empty and holds no spaces, control characters or plus signs')
}

/** c2sp.org/signed-note: the first four bytes of SHA-256(name, newline, type, key). */
const keyId = (name: string, typed: Uint8Array) => createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8)

const kindIn = (typed: Uint8Array) => (Object.keys(kinds) as SignatureKind[]).find(one => kinds[one].type === typed[0])

/** @throws FormatError; Unsupported for a type of key that this library does not know. */
export function parseVerifierKey(vkey: string): VerifierKey {
  const [, name, id, material] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(vkey) ?? []
  if (name === undefined || id === undefined || material === undefined) throw new FormatError('A verifier key is name+id+base64')
  assertKeyName(name)
  const typed = fromBase64(material, 'The key in a verifier key')
  const kind = kindIn(typed)
  if (!kind)
    throw new Unsupported('A verifier key is of a type that is not Ed25519 (1), an Ed25519 cosignature (4) or an ML-DSA-44 cosignature (6)')
  if (typed.length !== 1 + kinds[kind].keySize) throw new FormatError(`A key of type ${kinds[kind].type} is ${kinds[kind].keySize} bytes`)
  if (keyId(name, typed) !== id) throw new FormatError('The id in a verifier key is not that of its name and key')
  return { name, id, kind, publicKey: typed.subarray(1), vkey }
}

export function verifierKey(name: string, kind: SignatureKind, publicKey: Buffer): VerifierKey {
  const typed = Buffer.concat([Buffer.from([kinds[kind].type]), publicKey])
  return parseVerifierKey(`${name}+${keyId(name, typed)}+${typed.toString('base64')}`)
}

/** Whether this Node can check what such a key signed: ML-DSA-44 needs one with OpenSSL 3.5 or newer. */
export function isCheckable(key: VerifierKey): boolean {
  if (key.kind !== 'ml-dsa-44') return true
  try {
    publicKeyOf(key)
    return true
  } catch {
    return false
  }
}
/** Whether these bytes are the key's signature of the message. */
export const verifies = (key: VerifierKey, message: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, message, publicKeyOf(key), signature)

const publicKeyOf = ({ kind, publicKey }: VerifierKey) =>
  createPublicKey({ key: Buffer.concat([keyPrefixes[kind], publicKey]), format: 'der', type: 'spki' })

/** A key that signs. */
export class SigningKey {
  readonly verifier: VerifierKey
  readonly #key: KeyObject

  private constructor(
    name: string,
    kind: SigningKind,
    private readonly seed: Buffer,
  ) {
    assertKeyName(name)
    this.#key = createPrivateKey({ key: Buffer.concat([seedPrefix, seed]), format: 'der', type: 'pkcs8' })
    const { x } = createPublicKey(this.#key).export({ format: 'jwk' })
    this.verifier = verifierKey(name, kind, Buffer.from(x as string, 'base64url'))
  }

  /** @throws FormatError for a name that a key cannot have. */
  static generate(name: string, kind: SigningKind): SigningKey {
    const { d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
    return new SigningKey(name, kind, Buffer.from(d as string, 'base64url'))
  }

  /** @throws FormatError, Unsupported; the message never holds the key. */
  static parse(text: string): SigningKey {
    const [, name, id, material] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text) ?? []
    if (name === undefined || id === undefined || material === undefined)
      throw new FormatError('A signing key is PRIVATE+KEY+name+id+base64')
    const typed = fromBase64(material, 'The key in a signing key')
    const kind = kindIn(typed)
    if (!kind || kind === 'ml-dsa-44') throw new Unsupported('A signing key is of a type that is not Ed25519')
    if (typed.length !== 33) throw new FormatError('An Ed25519 seed is 32 bytes')
    const key = new SigningKey(name, kind, typed.subarray(1))
    if (key.verifier.id !== id) throw new FormatError('The id in a signing key is not that of its name and key')
    return key
  }

  /** As text, in the form that the note tools of other makers read. Secret. */
  secret(): string {
    const { name, id, kind } = this.verifier
    return `PRIVATE+KEY+${name}+${id}+${Buffer.concat([Buffer.from([kinds[kind].type]), this.seed]).toString('base64')}`
  }

  /** The 64 bytes of an Ed25519 signature (RFC 8032). */
  sign(message: Uint8Array): Buffer {
    return sign(null, message, this.#key)
  }
}
