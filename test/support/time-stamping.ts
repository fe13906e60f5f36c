import { spawnSync } from 'node:child_process'
import { X509Certificate, createHash, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { derTag, elementsOf, only } from '#verifier/der'

export const hasOpenSsl = spawnSync('openssl', ['version']).status === 0

const settings = (key: string) => `[tsa]
default_tsa = t
[t]
serial = serial
signer_cert = ${key}.pem
signer_key = ${key}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

/** A time-stamping authority of one's own, by openssl: RFC 3161 over HTTP. */
export class TimeStamping {
  readonly folder = mkdtempSync(join(tmpdir(), 'caseledger-tsa-'))
  #server: Server | undefined
  asked = 0

  constructor() {
    this.#openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=An Invented Authority',
      '-days',
      '3650',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
    )
    this.certificate('tsa', 'extendedKeyUsage=critical,timeStamping\n')
    writeFileSync(join(this.folder, 'serial'), '01\n')
  }

  get ca() {
    return readFileSync(join(this.folder, 'ca.pem'), 'utf8')
  }
  get caFile() {
    return join(this.folder, 'ca.pem')
  }

  /** A certificate with its key, by the authority's own. */
  certificate(name: string, extensions: string, days = '3000', newkey: readonly string[] = ['rsa:2048']) {
    writeFileSync(join(this.folder, `${name}.ext`), extensions)
    this.#openssl('req', '-newkey', ...newkey, '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    this.#openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-days',
      days,
      '-extfile',
      `${name}.ext`,
    )
    writeFileSync(join(this.folder, `${name}.cnf`), settings(name))
  }

  /** From now on its times have a fraction of a second, of so many digits at most: trailing zeroes are left out. */
  precise(name: string, digits: number) {
    writeFileSync(join(this.folder, `${name}.cnf`), `${settings(name)}clock_precision_digits = ${digits}\n`)
  }

  /** A certificate that is valid for other days than from today on: both as `YYMMDDhhmmssZ`. */
  certificateOf(name: string, extensions: string, from: string, to: string) {
    this.certificate(name, extensions)
    writeFileSync(
      join(this.folder, 'ca.cnf'),
      '[ca]\ndefault_ca=c\n[c]\ndatabase=index\nnew_certs_dir=.\nserial=caserial\ndefault_md=sha256\npolicy=p\n[p]\n',
    )
    writeFileSync(join(this.folder, 'index'), '')
    writeFileSync(join(this.folder, 'caserial'), '0A\n')
    const dates = ['-startdate', from, '-enddate', to, '-extfile', `${name}.ext`]
    this.#openssl(
      ...['ca', '-batch', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-preserveDN', '-in', `${name}.csr`],
      ...[...dates, '-notext', '-out', `${name}.pem`],
    )
  }

  /** A stamp that says another second, as 14 digits, signed anew by its own key (RSA). */
  redated(token: Buffer, second: string, by: string): Buffer {
    const bytes = Buffer.from(token)
    const [, signed] = only(token, derTag.sequence)
    const [, wrapped] = elementsOf(signed!.content)
    const data = only(wrapped!.content, derTag.sequence)
    const [info] = elementsOf(elementsOf(data[2]!.content)[1]!.content)
    const before = createHash('sha256').update(info!.content).digest()
    const place = (part: Buffer) => part.byteOffset - token.byteOffset
    const time = bytes.indexOf(Buffer.from([0x18, 0x0f]), place(info!.content))
    bytes.write(second, time + 2, 'latin1')
    const after = createHash('sha256')
      .update(bytes.subarray(place(info!.content), place(info!.content) + info!.content.length))
      .digest()
    after.copy(bytes, bytes.indexOf(before))
    return this.#signedAnew(bytes, by)
  }
  /**
   * A stamp as of an authority to whose key somebody gave a certificate with other extensions: openssl itself stamps by none that is wrong.
   * It is without its certificate, which is `pem` of this name.
   */
  stampOtherwiseCertified(content: Uint8Array, name: string, extensions: string, by = 'tsa'): Buffer {
    writeFileSync(join(this.folder, `${name}.ext`), extensions)
    const serial = `0x${new X509Certificate(this.pem(by)).serialNumber}`
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', serial, '-days', '3000', '-extfile', `${name}.ext`]
    this.#openssl('x509', '-req', '-in', `${by}.csr`, ...signing, '-out', `${name}.pem`)
    const [digest, other] = [by, name].map(one =>
      createHash('sha256')
        .update(new X509Certificate(this.pem(one)).raw)
        .digest(),
    ) as [Buffer, Buffer]
    const bytes = this.stamp(content, by, { bare: true })
    const at = bytes.indexOf(digest)
    if (at < 0) throw new Error('the stamp does not name its certificate')
    other.copy(bytes, at)
    return this.#signedAnew(bytes, by)
  }
  /** With the signature (RSA) that what it says now needs. */
  #signedAnew(bytes: Buffer, by: string): Buffer {
    const [, signed] = only(bytes, derTag.sequence)
    const [, wrapped] = elementsOf(signed!.content)
    const place = (part: Buffer) => part.byteOffset - bytes.byteOffset
    const [signer] = elementsOf(only(wrapped!.content, derTag.sequence).at(-1)!.content)
    const [, , , attributes, , signature] = elementsOf(signer!.content)
    const from = place(attributes!.whole)
    const set = Buffer.concat([Buffer.from([derTag.set]), bytes.subarray(from + 1, from + attributes!.whole.length)])
    sign('sha256', set, readFileSync(join(this.folder, `${by}.key`), 'utf8')).copy(bytes, place(signature!.content))
    return bytes
  }
  pem(name: string) {
    return readFileSync(join(this.folder, `${name}.pem`), 'utf8')
  }

  /** The answer to a question. */
  answer(question: Uint8Array, by = 'tsa'): Buffer {
    writeFileSync(join(this.folder, 'question'), question)
    this.#openssl('ts', '-reply', '-queryfile', 'question', '-config', `${by}.cnf`, '-section', 't', '-out', 'answer')
    return readFileSync(join(this.folder, 'answer'))
  }
  /** @param bare without the certificate of the signer, as an authority answers who was not asked for it. */
  stamp(bytes: Uint8Array | string, by = 'tsa', { bare = false } = {}): Buffer {
    writeFileSync(join(this.folder, 'stamped'), bytes)
    this.#openssl('ts', '-query', '-data', 'stamped', '-sha256', ...(bare ? [] : ['-cert']), '-out', 'asked')
    return this.answer(readFileSync(join(this.folder, 'asked')), by)
  }

  async listen(): Promise<string> {
    this.#server = createServer((request, response) => {
      void buffer(request).then(question => {
        this.asked++
        if (request.headers['content-type'] !== 'application/timestamp-query') {
          response.writeHead(415).end()
          return
        }
        response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(this.answer(question))
      })
    }).listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  end() {
    this.#server?.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #openssl(...words: readonly string[]) {
    const { status, stderr } = spawnSync('openssl', words, { cwd: this.folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`openssl ${words[0] ?? ''}: ${stderr}`)
  }
}
