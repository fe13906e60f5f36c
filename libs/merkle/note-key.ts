import { type KeyObject, createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { fromBase64 } from './encoding.js'
import { FormatError, Unsupported } from './format-error.js'

/**
 * What a signature says: `ed25519` signs the text of a note; `cosignature` the text and the time at which a witness saw it
 * (c2sp.org/tlog-cosignature, version 1).
 */
export type SignatureKind = keyof typeof signatureTypes
const signatureTypes = { ed25519: 0x01, cosignature: 0x04 } as const

/** A key that signatures are checked with. */
export type VerifierKey = {
  readonly name: string
  /** Eight hexadecimal digits. */
  readonly id: string
  readonly kind: SignatureKind
  /** 32 bytes. */
  readonly publicKey: Buffer
  /** The key as text: `name+id+base64(type || key)`. */
  readonly vkey: string
}

const unusable = /[\p{White_Space}+]/u
const derPrefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** @throws FormatError for a name that a signature line cannot hold. */
export function assertKeyName(name: string) {
  if (name === '' || unusable.test(name) || /[\u0000-\u001f]/.test(name) || !name.isWellFormed())
    throw new FormatError('A key name is not empty and holds no spaces, control characters or plus signs')
}

/** c2sp.org/signed-note: the first four bytes of SHA-256(name, newline, type, key). */
const keyId = (name: string, typed: Uint8Array) => createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8)

const kindOf = (typed: Uint8Array) => (Object.keys(signatureTypes) as SignatureKind[]).find(one => signatureTypes[one] === typed[0])

/** @throws FormatError; Unsupported for a type of key that this library does not know. */
export function parseVerifierKey(vkey: string): VerifierKey {
  const [, name, id, material] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(vkey) ?? []
  if (name === undefined || id === undefined || material === undefined) throw new FormatError('A verifier key is name+id+base64')
  assertKeyName(name)
  const typed = fromBase64(material, 'The key in a verifier key')
  const kind = kindOf(typed)
  if (!kind) throw new Unsupported('A verifier key is of a type that is not Ed25519 (1) or an Ed25519 cosignature (4)')
  if (typed.length !== 33) throw new FormatError('An Ed25519 key is 32 bytes')
  if (keyId(name, typed) !== id) throw new FormatError('The id in a verifier key is not that of its name and key')
  return { name, id, kind, publicKey: typed.subarray(1), vkey }
}

export function verifierKey(name: string, kind: SignatureKind, publicKey: Buffer): VerifierKey {
  const typed = Buffer.concat([Buffer.from([signatureTypes[kind]]), publicKey])
  return parseVerifierKey(`${name}+${keyId(name, typed)}+${typed.toString('base64')}`)
}

/** Whether these 64 bytes are the key's signature of the message. */
export function verifies({ publicKey }: VerifierKey, message: string, signature: Uint8Array): boolean {
  return verify(
    null,
    Buffer.from(message),
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }, format: 'jwk' }),
    signature,
  )
}

/** A key that signs. */
export class SigningKey {
  readonly verifier: VerifierKey
  readonly #key: KeyObject

  private constructor(
    name: string,
    kind: SignatureKind,
    private readonly seed: Buffer,
  ) {
    assertKeyName(name)
    this.#key = createPrivateKey({ key: Buffer.concat([derPrefix, seed]), format: 'der', type: 'pkcs8' })
    const { x } = createPublicKey(this.#key).export({ format: 'jwk' })
    this.verifier = verifierKey(name, kind, Buffer.from(x as string, 'base64url'))
  }

  /** @throws FormatError for a name that a key cannot have. */
  static generate(name: string, kind: SignatureKind): SigningKey {
    const { d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
    return new SigningKey(name, kind, Buffer.from(d as string, 'base64url'))
  }

  /** @throws FormatError, Unsupported; the message never holds the key. */
  static parse(text: string): SigningKey {
    const [, name, id, material] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text) ?? []
    if (name === undefined || id === undefined || material === undefined)
      throw new FormatError('A signing key is PRIVATE+KEY+name+id+base64')
    const typed = fromBase64(material, 'The key in a signing key')
    const kind = kindOf(typed)
    if (!kind) throw new Unsupported('A signing key is of a type that is not Ed25519')
    if (typed.length !== 33) throw new FormatError('An Ed25519 seed is 32 bytes')
    const key = new SigningKey(name, kind, typed.subarray(1))
    if (key.verifier.id !== id) throw new FormatError('The id in a signing key is not that of its name and key')
    return key
  }

  /** As text, in the form that the note tools of other makers read. Secret. */
  secret(): string {
    const { name, id, kind } = this.verifier
    return `PRIVATE+KEY+${name}+${id}+${Buffer.concat([Buffer.from([signatureTypes[kind]]), this.seed]).toString('base64')}`
  }

  /** The 64 bytes of an Ed25519 signature (RFC 8032) of a message in UTF-8. */
  sign(message: string): Buffer {
    return sign(null, Buffer.from(message), this.#key)
  }
}
