import { X509Certificate, createHash } from 'node:crypto'
import { FormatError, NoKnownKey, SignatureRefused, Unsupported } from '#merkle/format-error'
import { type Certificate, certificateOf, isSecond, isSignedBy, leadsTo, signatures } from './certificate.js'
import { type Der, derTag, elementsOf, expected, oidOf, only } from './der.js'

const oid = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  certificateV1: '1.2.840.113549.1.9.16.2.12',
  certificateV2: '1.2.840.113549.1.9.16.2.47',
} as const
const digests: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
/** RSA without a digest of its own: then it is the one that the signer names. */
const rsa = '1.2.840.113549.1.1.1'
export type StampedAt = {
  readonly time: string
  /** The name in the certificate that signed. */
  readonly by: string
  /** Whether it leads to a certificate that is believed. */ readonly believed: boolean
}

/**
 * Checks an answer of a time-stamping authority (RFC 3161) over these bytes, and whether its signer leads to one of the certificates that
 * whoever checks believes.
 * Certificates are judged as of the time in the stamp: whether one was revoked is not asked.
 * @throws FormatError for what is no stamp, or of other bytes; SignatureRefused; Unsupported for algorithms that this verifier does not
 * know
 */
export function checkTimeStamp(answer: Buffer, stamped: Uint8Array, believed: readonly Certificate[]): StampedAt {
  const [status, token, more] = only(answer, derTag.sequence)
  const granted = expected(elementsOf(expected(status, derTag.sequence).content)[0], derTag.integer).content
  if (!token || more || granted.length !== 1 || (granted[0] as number) > 1)
    throw new FormatError('The authority did not grant a time stamp')
  const { info, certificates, signer } = signedDataOf(token)
  const { time, second } = timeIn(info, stamped)
  const certificate = signerOf(signer, certificates, believed)
  assertSigned(info, signer, certificate)
  if (!certificate.isForStamps) throw new SignatureRefused('The certificate of the time stamp is not for time stamps')
  return { time, by: nameOf(certificate), believed: leadsTo(certificate, certificates, believed, second) }
}

type SignerInfo = {
  readonly digest: string
  readonly attributes: readonly Der[]
  readonly attributeBytes: Buffer
  readonly algorithm: string
  readonly signature: Buffer
}

function signedDataOf(token: Der): { readonly info: Buffer; readonly certificates: readonly Certificate[]; readonly signer: SignerInfo } {
  const [type, wrapped, ...beside] = elementsOf(expected(token, derTag.sequence).content)
  if (oidOf(type) !== oid.signedData || beside.length > 0) throw new FormatError('A time stamp is signed data')
  const [, , content, ...more] = only(expected(wrapped, derTag.context0).content, derTag.sequence)
  const [contentType, held] = elementsOf(expected(content, derTag.sequence).content)
  if (oidOf(contentType) !== oid.tstInfo) throw new FormatError('What is signed in a time stamp says what was stamped')
  const [info] = elementsOf(expected(held, derTag.context0).content)
  const signers = elementsOf(expected(more.at(-1), derTag.set).content)
  if (signers.length !== 1) throw new FormatError('A time stamp has one signer')
  return {
    info: expected(info, derTag.octets).content,
    signer: signerInfo(expected(signers[0], derTag.sequence)),
    certificates: more
      .filter(({ tag }) => tag === derTag.context0)
      .flatMap(({ content: all }) => elementsOf(all))
      .filter(({ tag }) => tag === derTag.sequence)
      .map(({ whole }) => certificateOf(whole)),
  }
}

function signerInfo({ content }: Der): SignerInfo {
  const [, , digest, attributes, algorithm, signature] = elementsOf(content)
  const name = digests[oidOf(elementsOf(expected(digest, derTag.sequence).content)[0])]
  if (!name) throw new Unsupported('A time stamp with a digest that this verifier does not know')
  const signed = expected(attributes, derTag.context0)
  return {
    digest: name,
    attributes: elementsOf(signed.content),
    algorithm: oidOf(elementsOf(expected(algorithm, derTag.sequence).content)[0]),
    signature: expected(signature, derTag.octets).content,
    // RFC 5652 section 5.4: it is the set that is signed, and not the tagged field that stands there.
    attributeBytes: Buffer.concat([Buffer.from([derTag.set]), signed.whole.subarray(1)]),
  }
}

/** What was stamped, and when. */
function timeIn(info: Buffer, stamped: Uint8Array): { readonly time: string; readonly second: string } {
  const [, , imprint, , time] = only(info, derTag.sequence)
  const [algorithm, hashed] = elementsOf(expected(imprint, derTag.sequence).content)
  const digest = digests[oidOf(elementsOf(expected(algorithm, derTag.sequence).content)[0])]
  if (!digest || digest === 'sha1') throw new Unsupported('A time stamp over a digest that this verifier does not take')
  if (!createHash(digest).update(stamped).digest().equals(expected(hashed, derTag.octets).content))
    throw new FormatError('The time stamp is of something else')
  const [, digits = '', fraction = ''] = /^(\d{14})(\.\d{1,9})?Z$/.exec(expected(time, derTag.time).content.toString('latin1')) ?? []
  if (!isSecond(`${digits}Z`)) throw new FormatError('The time of a time stamp is not one')
  const [date, clock] = [digits.replace(/^(....)(..)(..).*/, '$1-$2-$3'), digits.replace(/^.{8}(..)(..)(..)/, '$1:$2:$3')]
  return { time: `${date}T${clock}.${fraction.slice(1, 4).padEnd(3, '0')}Z`, second: digits }
}

/**
 * The certificate that a signer names by its digest (RFC 5035, RFC 2634): an authority may leave it to whoever checks to have it.
 * @throws NoKnownKey where nobody has it
 */
function signerOf({ attributes }: SignerInfo, certificates: readonly Certificate[], believed: readonly Certificate[]): Certificate {
  const [first] = elementsOf(valueOf(attributes, oid.certificateV2) ?? valueOf(attributes, oid.certificateV1) ?? Buffer.alloc(0))
  const [id] = elementsOf(elementsOf(first?.content ?? Buffer.alloc(0))[0]?.content ?? Buffer.alloc(0))
  const parts = elementsOf(id?.content ?? Buffer.alloc(0))
  const isV2 = valueOf(attributes, oid.certificateV2) !== undefined
  const named = parts[0]?.tag === derTag.sequence ? digests[oidOf(elementsOf(parts[0].content)[0])] : isV2 ? 'sha256' : 'sha1'
  const hash = parts.find(({ tag }) => tag === derTag.octets)?.content
  if (!named || !hash) throw new FormatError('The time stamp does not name the certificate of its signer')
  const found = [...certificates, ...believed].find(({ raw }) => createHash(named).update(raw).digest().equals(hash))
  if (found) return found
  if (certificates.length > 0) throw new FormatError('The time stamp does not hold the certificate of its signer')
  throw new NoKnownKey('It is by an authority that was not named, and holds no certificate')
}

function valueOf(attributes: readonly Der[], type: string): Buffer | undefined {
  const attribute = attributes.map(({ content }) => elementsOf(content)).find(([name]) => oidOf(name) === type)
  return attribute && expected(attribute[1], derTag.set).content
}

function assertSigned(info: Buffer, { attributes, attributeBytes, digest, algorithm, signature }: SignerInfo, { key }: Certificate) {
  const says = (type: string) => elementsOf(valueOf(attributes, type) ?? Buffer.alloc(0))[0]
  if (oidOf(says(oid.contentType)) !== oid.tstInfo) throw new FormatError('What is signed in a time stamp says what was stamped')
  if (
    !createHash(digest)
      .update(info)
      .digest()
      .equals(expected(says(oid.messageDigest), derTag.octets).content)
  )
    throw new SignatureRefused('The time stamp was changed after it was signed')
  const by = algorithm === rsa ? digest : signatures[algorithm]
  if (by === undefined) throw new Unsupported('A time stamp with a signature that this verifier does not know')
  if (!isSignedBy(key, by, attributeBytes, signature)) throw new SignatureRefused('The time stamp is not signed by its certificate')
}

/** What a certificate calls itself, for a person. */
function nameOf({ raw }: Certificate): string {
  try {
    return new X509Certificate(raw).subject.replaceAll('\n', ', ')
  } catch {
    return 'an authority with a name that cannot be read'
  }
}
