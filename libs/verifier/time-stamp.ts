import { type KeyObject, X509Certificate, createHash, verify } from 'node:crypto'
import { FormatError, SignatureRefused, Unsupported } from '#merkle/format-error'
import { type Der, derTag, elementsOf, expected, oidOf, only } from './der.js'

const oid = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  certificateV1: '1.2.840.113549.1.9.16.2.12',
  certificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const
const digests: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
/** PKCS#1 v1.5 with RSA, and ECDSA: by the key's kind, and the digest that the signer names. */
const signatures: Readonly<Record<string, string | undefined>> = {
  '1.2.840.113549.1.1.1': undefined,
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}
const longestChain = 8
export type StampedAt = {
  readonly time: string
  /** Of the certificate that signed, as its issuer wrote it. */ readonly by: string
  /** Whether it leads to a certificate that is believed. */ readonly believed: boolean
}

/**
 * Checks an answer of a time-stamping authority (RFC 3161) over these bytes, and whether its signer leads to one of the certificates that
 * whoever checks believes.
 * Certificates are judged as of the time in the stamp: whether one was revoked is not asked.
 * @throws FormatError for what is no stamp, or of other bytes; SignatureRefused; Unsupported for algorithms that this verifier does not
 * know
 */
export function checkTimeStamp(answer: Buffer, stamped: Uint8Array, believed: readonly X509Certificate[]): StampedAt {
  const [status, token] = only(answer, derTag.sequence)
  const granted = expected(elementsOf(expected(status, derTag.sequence).content)[0], derTag.integer).content
  if (!token || granted.length !== 1 || (granted[0] as number) > 1) throw new FormatError('The authority did not grant a time stamp')
  const { info, certificates, signer } = signedDataOf(token)
  const time = timeIn(info, stamped)
  const certificate = signerOf(signer, certificates)
  assertSigned(info, signer, certificate)
  // Undefined where the certificate says nothing of it.
  if (!(certificate.keyUsage as readonly string[] | undefined)?.includes(oid.timeStamping))
    throw new SignatureRefused('The certificate of the time stamp is not for time stamps')
  return { time, by: certificate.subject.replaceAll('\n', ', '), believed: leadsTo(certificate, certificates, believed, Date.parse(time)) }
}

type SignerInfo = {
  readonly digest: string
  readonly attributes: readonly Der[]
  readonly attributeBytes: Buffer
  readonly algorithm: string
  readonly signature: Buffer
}

function signedDataOf(token: Der): {
  readonly info: Buffer
  readonly certificates: readonly X509Certificate[]
  readonly signer: SignerInfo
} {
  const [type, wrapped] = elementsOf(expected(token, derTag.sequence).content)
  if (oidOf(type) !== oid.signedData) throw new FormatError('A time stamp is signed data')
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

function certificateOf(bytes: Buffer): X509Certificate {
  try {
    return new X509Certificate(bytes)
  } catch {
    throw new FormatError('A certificate cannot be read')
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
function timeIn(info: Buffer, stamped: Uint8Array): string {
  const [, , imprint, , time] = only(info, derTag.sequence)
  const [algorithm, hashed] = elementsOf(expected(imprint, derTag.sequence).content)
  const digest = digests[oidOf(elementsOf(expected(algorithm, derTag.sequence).content)[0])]
  if (!digest || digest === 'sha1') throw new Unsupported('A time stamp over a digest that this verifier does not take')
  if (!createHash(digest).update(stamped).digest().equals(expected(hashed, derTag.octets).content))
    throw new FormatError('The time stamp is of something else')
  const [, year, month, day, hour, minute, second, fraction = ''] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(expected(time, derTag.time).content.toString('latin1')) ?? []
  const parsed = Date.parse(
    `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}${fraction.slice(0, 4)}Z`,
  )
  if (Number.isNaN(parsed)) throw new FormatError('The time of a time stamp is not one')
  return new Date(parsed).toISOString()
}

/** The certificate that a signer names by its digest: RFC 5035, RFC 2634. */
function signerOf({ attributes }: SignerInfo, certificates: readonly X509Certificate[]): X509Certificate {
  const [first] = elementsOf(valueOf(attributes, oid.certificateV2) ?? valueOf(attributes, oid.certificateV1) ?? Buffer.alloc(0))
  const [id] = elementsOf(elementsOf(first?.content ?? Buffer.alloc(0))[0]?.content ?? Buffer.alloc(0))
  const parts = elementsOf(id?.content ?? Buffer.alloc(0))
  const isV2 = valueOf(attributes, oid.certificateV2) !== undefined
  const named = parts[0]?.tag === derTag.sequence ? digests[oidOf(elementsOf(parts[0].content)[0])] : isV2 ? 'sha256' : 'sha1'
  const hash = parts.find(({ tag }) => tag === derTag.octets)?.content
  const found = named && hash ? certificates.find(({ raw }) => createHash(named).update(raw).digest().equals(hash)) : undefined
  if (!found) throw new FormatError('The time stamp does not hold the certificate of its signer')
  return found
}

function valueOf(attributes: readonly Der[], type: string): Buffer | undefined {
  const attribute = attributes.map(({ content }) => elementsOf(content)).find(([name]) => oidOf(name) === type)
  return attribute && expected(attribute[1], derTag.set).content
}

function assertSigned(
  info: Buffer,
  { attributes, attributeBytes, digest, algorithm, signature }: SignerInfo,
  { publicKey }: X509Certificate,
) {
  const says = (type: string) => elementsOf(valueOf(attributes, type) ?? Buffer.alloc(0))[0]
  if (oidOf(says(oid.contentType)) !== oid.tstInfo) throw new FormatError('What is signed in a time stamp says what was stamped')
  if (
    !createHash(digest)
      .update(info)
      .digest()
      .equals(expected(says(oid.messageDigest), derTag.octets).content)
  )
    throw new SignatureRefused('The time stamp was changed after it was signed')
  if (!(algorithm in signatures) || !['rsa', 'ec'].includes(publicKey.asymmetricKeyType ?? ''))
    throw new Unsupported('A time stamp with a signature that this verifier does not know')
  if (!isBy(publicKey, signatures[algorithm] ?? digest, attributeBytes, signature))
    throw new SignatureRefused('The time stamp is not signed by its certificate')
}
function isBy(key: KeyObject, digest: string, bytes: Buffer, signature: Buffer): boolean {
  try {
    return verify(digest, bytes, key, signature)
  } catch {
    return false
  }
}

/** From certificate to issuer, up to one that is believed; each of them valid then, and every issuer allowed to be one. */
function leadsTo(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  believed: readonly X509Certificate[],
  at: number,
): boolean {
  let one = certificate
  for (let length = 0; length < longestChain; length++) {
    if (at < Date.parse(one.validFrom) || at > Date.parse(one.validTo))
      throw new SignatureRefused('A certificate of the time stamp was not valid at its time')
    if (believed.some(({ raw }) => raw.equals(one.raw))) return true
    const issuer = [...believed, ...others].find(other => other.ca && one.checkIssued(other) && one.verify(other.publicKey))
    if (!issuer) return false
    one = issuer
  }
  return false
}

/** The certificates in a file of PEM. @throws FormatError */
export function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw new FormatError('a certificate is PEM')
  return blocks.map(block => certificateOf(Buffer.from(block)))
}
