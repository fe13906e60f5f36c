import { createPublicKey, verify } from 'node:crypto'
import { fromBase64 } from '#merkle/encoding'
import { FormatError, SignatureRefused, Unsupported } from '#merkle/format-error'
import { type Der, derTag, elementsOf, expected, oidOf, only } from './der.js'
import { isInstant } from './instant.js'

/** What a verifier reads of a certificate (X.509): the names as bytes, as their makers wrote them. */
export type Certificate = {
  readonly raw: Buffer
  readonly issuer: Buffer
  readonly subject: Buffer
  /** Both in seconds, as 14 digits. */
  readonly from: string
  readonly to: string
  readonly key: PublicKey
  readonly isAuthority: boolean
  /** How many authorities may stand between it and the end of a chain. */
  readonly below: number
  readonly isForStamps: boolean
  /** Says something that has to be understood, and is not. */
  readonly isStrange: boolean
  readonly signed: Buffer
  readonly algorithm: string
  readonly signature: Buffer
}
export type PublicKey = { readonly kind: string; readonly bytes: Buffer }

const keyKinds = ['1.2.840.113549.1.1.1', '1.2.840.10045.2.1']
const extension = { usage: '2.5.29.15', basic: '2.5.29.19', purposes: '2.5.29.37' } as const
/** Alternative names and policies: nothing depends on them. */
const harmless = ['2.5.29.17', '2.5.29.32']
const timeStamping = '1.3.6.1.5.5.7.3.8'
const certSign = 0x04
const longestChain = 8
/** PKCS#1 v1.5 with RSA, and ECDSA: by the digest. */
export const signatures: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}

/** @throws FormatError */
export function certificateOf(raw: Buffer): Certificate {
  const [body, outer, signature, ...others] = only(raw, derTag.sequence)
  const fields = [...elementsOf(expected(body, derTag.sequence).content)]
  if (fields[0]?.tag === derTag.context0) fields.shift()
  const [, algorithm, issuer, validity, subject, key, ...more] = fields
  const [from, to, ...times] = elementsOf(expected(validity, derTag.sequence).content)
  const extensions = extensionsIn(more)
  const bits = expected(signature, derTag.bits).content
  if (
    others.length > 0
    || times.length > 0
    || bits[0] !== 0
    || !expected(algorithm, derTag.sequence).whole.equals(expected(outer, derTag.sequence).whole)
  )
    throw new FormatError('A certificate is not of the form of X.509')
  const [constraints = false, below] = elementsOf(elementsOf(valueOf(extensions, extension.basic) ?? nothing)[0]?.content ?? nothing)
  const isAuthority = constraints !== false && constraints.tag === derTag.boolean && constraints.content[0] === 0xff
  const usage = elementsOf(valueOf(extensions, extension.usage) ?? nothing)[0]?.content
  const purposes = extensions.find(({ type }) => type === extension.purposes)
  const named = purposes ? only(purposes.value, derTag.sequence).map(oidOf) : []
  return {
    raw,
    issuer: expected(issuer, derTag.sequence).whole,
    subject: expected(subject, derTag.sequence).whole,
    from: timeOf(from),
    to: timeOf(to),
    key: {
      kind: oidOf(elementsOf(expected(elementsOf(expected(key, derTag.sequence).content)[0], derTag.sequence).content)[0]),
      bytes: expected(key, derTag.sequence).whole,
    },
    isAuthority: isAuthority && (usage === undefined || ((usage[1] ?? 0) & certSign) !== 0),
    below: below?.tag === derTag.integer && below.content.length === 1 ? (below.content[0] as number) : longestChain,
    isForStamps: purposes?.isCritical === true && named.length === 1 && named[0] === timeStamping,
    isStrange: extensions.some(({ type, isCritical }) => isCritical && ![...Object.values<string>(extension), ...harmless].includes(type)),
    signed: (body as Der).whole,
    algorithm: oidOf(elementsOf(expected(algorithm, derTag.sequence).content)[0]),
    signature: bits.subarray(1),
  }
}
const nothing = Buffer.alloc(0)

type Extension = { readonly type: string; readonly isCritical: boolean; readonly value: Buffer }
function extensionsIn(fields: readonly Der[]): readonly Extension[] {
  const held = fields.find(({ tag }) => tag === derTag.context3)
  if (!held) return []
  return only(held.content, derTag.sequence).map(({ content }) => {
    const [type, ...rest] = elementsOf(content)
    const isCritical = rest[0]?.tag === derTag.boolean && rest[0].content[0] === 0xff
    return { type: oidOf(type), isCritical, value: expected(rest.at(-1), derTag.octets).content }
  })
}
const valueOf = (extensions: readonly Extension[], type: string) => extensions.find(one => one.type === type)?.value

function timeOf(element: Der | undefined): string {
  const text = element?.content.toString('latin1') ?? ''
  const digits = element?.tag === derTag.utcTime && /^\d{12}Z$/.test(text) ? `${Number(text.slice(0, 2)) < 50 ? 20 : 19}${text}` : text
  if (!(element?.tag === derTag.utcTime || element?.tag === derTag.time) || !isSecond(digits))
    throw new FormatError('A time in a certificate is none')
  return digits.slice(0, 14)
}
/** Whether a text is a second in UTC, as 14 digits and a Z. */
export const isSecond = (text: string): boolean =>
  /^\d{14}Z$/.test(text) && isInstant(text.replace(/^(....)(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6.000Z'))

/** Whether a key signed these bytes. @throws Unsupported for a kind of key that this verifier does not take */
export function isSignedBy({ kind, bytes }: PublicKey, digest: string, signed: Uint8Array, signature: Uint8Array): boolean {
  if (!keyKinds.includes(kind)) throw new Unsupported('A time stamp with a signature that this verifier does not know')
  try {
    return verify(digest, signed, createPublicKey({ key: bytes, format: 'der', type: 'spki' }), signature)
  } catch {
    return false
  }
}

/**
 * From certificate to issuer, up to one that is believed; each of them valid at that second, and every issuer allowed to be one. Whether
 * one was revoked is not asked. @throws SignatureRefused, Unsupported
 */
export function leadsTo(certificate: Certificate, others: readonly Certificate[], believed: readonly Certificate[], at: string): boolean {
  let one = certificate
  for (let length = 0; length < longestChain; length++) {
    if (at < one.from || at > one.to) throw new SignatureRefused('A certificate of the time stamp was not valid at its time')
    if (believed.some(({ raw }) => raw.equals(one.raw))) return true
    if (one.isStrange) throw new Unsupported('A certificate of the time stamp says something that this verifier does not understand')
    const digest = signatures[one.algorithm]
    if (digest === undefined) throw new Unsupported('A certificate with a signature that this verifier does not know')
    const { issuer, signed, signature } = one
    const next = [...believed, ...others].find(
      other =>
        other.isAuthority && other.below >= length && other.subject.equals(issuer) && isSignedBy(other.key, digest, signed, signature),
    )
    if (!next) return false
    one = next
  }
  return false
}

/** The certificates in a file of PEM. @throws FormatError, which names the file */
export function certificatesIn(pem: Uint8Array | string, name = 'The file'): readonly Certificate[] {
  const blocks = Buffer.from(pem)
    .toString('latin1')
    .matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/= \t\r\n]+)-----END CERTIFICATE-----/g)
  const certificates = [...blocks].map(([, block = '']) => {
    try {
      return certificateOf(fromBase64(block.replaceAll(/[ \t\r\n]/g, ''), 'A certificate'))
    } catch (error) {
      throw error instanceof FormatError ? new FormatError(`${name}: ${error.message}`) : error
    }
  })
  if (certificates.length === 0) throw new FormatError(`${name}: it holds no certificate in PEM`)
  return certificates
}
