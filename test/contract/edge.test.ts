import { type KeyObject, createHmac, generateKeyPairSync, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { type JWTHeaderParameters, SignJWT, importJWK } from 'jose'
import { pino } from 'pino'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { world } from '../support/world.js'

type World = Awaited<ReturnType<typeof world>>
const limit = 40
let w: World
let api: NestFastifyApplication
let limited: NestFastifyApplication
let url: string
let good: string
beforeAll(async () => {
  w = await world()
  const [log, trust] = [pino({ level: 'silent' }), trustLocalIssuer(w.dir.issuer)]
  api = await createApi(w, trust, log, { requestsPerSecond: 100_000 })
  limited = await createApi(w, trust, log, { requestsPerSecond: limit })
  await Promise.all([api, limited].map(app => app.listen(0, '127.0.0.1')))
  url = await api.getUrl()
  good = await issueTokenOn(w, w.dir, 'dpo', 'dpo-1')
})
afterAll(async () => {
  await Promise.all([api, limited].map(app => app.close()))
  await w.end()
})

const me = async (token: string, at = url) => {
  const { status, headers } = await fetch(`${at}/v1/me`, { headers: { Authorization: `Bearer ${token}` } })
  return { status, challenge: headers.get('www-authenticate') }
}
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('what the API says of itself is the document in the repository: npm run openapi writes it', async () => {
  expect(await (await fetch(`${url}/openapi.json`)).json()).toEqual(JSON.parse(readFileSync('docs/openapi.json', 'utf8')))
})

describe('tokens that are not believed', () => {
  type Issuer = { readonly issuer: string; readonly kid: string; readonly privateKey: object; readonly publicKey: object }
  const issuer = () => JSON.parse(readFileSync(join(w.dir.issuer, 'issuer.json'), 'utf8')) as Issuer
  const now = () => Math.floor(Date.now() / 1_000)
  const claims = () => ({ iss: issuer().issuer, aud: 'caseledger', sub: 'dpo-1', roles: ['dpo'], iat: now(), exp: now() + 600 })
  /** Signed with the issuer's own key, or with another. */
  const signed = async (change: object, header: Partial<JWTHeaderParameters> = {}, key?: KeyObject) =>
    new SignJWT({ ...claims(), ...change })
      .setProtectedHeader({ alg: 'ES256', kid: issuer().kid, ...header })
      .sign(key ?? (await importJWK(issuer().privateKey, 'ES256')))
  const stranger = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const hmac = (secret: string) => {
    const text = `${base64({ alg: 'HS256', typ: 'JWT', kid: issuer().kid })}.${base64(claims())}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }

  test('the same, unchanged, is believed', async () => {
    expect((await me(await signed({}))).status).toBe(200)
  })
  test.each<readonly [string, () => string | Promise<string>]>([
    ['no signature (alg none)', () => `${base64({ alg: 'none' })}.${base64(claims())}.`],
    ['alg none in other letters', () => `${base64({ alg: 'nOnE', kid: issuer().kid })}.${base64(claims())}.`],
    ['the signature cut off', () => `${good.split('.').slice(0, 2).join('.')}.`],
    ['a signature of zeros', () => `${good.split('.').slice(0, 2).join('.')}.${Buffer.alloc(64).toString('base64url')}`],
    ['the public key as an HMAC secret', () => hmac(JSON.stringify(issuer().publicKey))],
    ['an empty HMAC secret', () => hmac('')],
    ['another key under the right key id', () => signed({}, {}, stranger().privateKey)],
    ['another key under its own id', () => signed({}, { kid: 'another' }, stranger().privateKey)],
    [
      'a key that the token brings along',
      () => {
        const { privateKey, publicKey } = stranger()
        return signed({}, { jwk: publicKey.export({ format: 'jwk' }) }, privateKey)
      },
    ],
    ['a key id that is a path', () => signed({}, { kid: '../../../../dev/null' }, stranger().privateKey)],
    [
      'a critical extension that nobody knows',
      async () => {
        const [, body = ''] = (await signed({})).split('.')
        const { privateKey } = issuer()
        return new SignJWT(JSON.parse(Buffer.from(body, 'base64url').toString()) as object as never)
          .setProtectedHeader({ alg: 'ES256', kid: issuer().kid, crit: ['exotic'], exotic: 1 })
          .sign(await importJWK(privateKey, 'ES256'), { crit: { exotic: true } })
      },
    ],
    ['another issuer', () => signed({ iss: 'urn:caseledger:local:another' })],
    ['another audience', () => signed({ aud: 'payroll' })],
    ['expired', () => signed({ iat: now() - 700, exp: now() - 60 })],
    ['not yet valid', () => signed({ nbf: now() + 600 })],
    ['without an expiry', () => signed({ exp: undefined })],
    ['without a subject', () => signed({ sub: undefined })],
    ['without a time of issue', () => signed({ iat: undefined })],
    ['an expiry that is text', () => signed({ exp: '9999999999' })],
    [
      'a payload that is no object',
      () => `${good.split('.')[0] ?? ''}.${Buffer.from('"dpo-1"').toString('base64url')}.${good.split('.')[2] ?? ''}`,
    ],
    ['longer than any token', () => `${'a'.repeat(9_000)}.b.c`],
  ])('%s', async (_, forge) => {
    expect(await me(await forge())).toEqual({ status: 401, challenge: 'Bearer' })
  })
  test.each<readonly [string, object, number]>([
    ['a role that does not exist', { roles: ['root'] }, 403],
    ['roles as text', { roles: 'dpo' }, 403],
    ['no role', { roles: undefined }, 403],
    ['somebody who is not registered', { sub: 'nobody-1' }, 403],
    ['a role to which nobody appointed them', { roles: ['caldicott'] }, 403],
  ])('believed, and of no use: %s', async (_, change, status) => {
    expect((await me(await signed(change))).status).toBe(status)
  })
  test('two tokens in one request are none', async () => {
    const answer = await fetch(`${url}/v1/me`, {
      headers: [
        ['Authorization', `Bearer ${good}`],
        ['Authorization', 'Bearer x'],
      ],
    })
    expect(answer.status).toBe(401)
  })
})

/**
 * After the bytes comes a request that asks to be the last: so the server closes the connection, whatever it made of them. Answers all
 * that came back.
 */
function raw(bytes: string): Promise<string> {
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1')
    const chunks: Buffer[] = []
    socket
      .on('data', (chunk: Buffer) => {
        chunks.push(chunk)
      })
      .on('close', () => {
        resolve(Buffer.concat(chunks).toString('latin1'))
      })
      .on('error', reject)
    socket.write(`${bytes}${last}`, 'latin1')
  })
}
const last = 'GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
const answersIn = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
/** What only the answer to the request below says. */
const mine = '"role":"dpo"'
const inner = () => `GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${good}\r\n\r\n`

describe('the edge of the framework', () => {
  test('the connection of these tests works', async () => {
    const text = await raw(inner())
    expect([answersIn(text), text.includes(mine)]).toEqual([[200, 200], true])
  })
  test.each<readonly [string, () => string]>([
    [
      'a length and chunks at once',
      () => {
        const body = `0\r\n\r\n${inner()}`
        return (
          'POST /v1/referrals HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
          + `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n\r\n${body}`
        )
      },
    ],
    [
      'two lengths',
      () => `POST /v1/referrals HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: ${inner().length}\r\n\r\n${inner()}`,
    ],
    ['a length with a sign', () => `POST /v1/referrals HTTP/1.1\r\nHost: x\r\nContent-Length: +0\r\n\r\n${inner()}`],
    [
      'chunked by another name',
      () => `POST /v1/referrals HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${inner()}`,
    ],
    ['chunked twice', () => `POST /v1/referrals HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${inner()}`],
    [
      'a header that goes on on the next line',
      () => `POST /v1/referrals HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${inner()}`,
    ],
    [
      'a space before the colon',
      () => `POST /v1/referrals HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${inner()}`,
    ],
    [
      'a chunk with a size that is none',
      () => `POST /v1/referrals HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n${inner()}`,
    ],
    ['a bare line feed in a header', () => `GET /v1/nothing HTTP/1.1\r\nHost: x\r\nX-Correlation-Id: a\n\n${inner()}`],
  ])('a request is not smuggled in: %s', async (_, bytes) => {
    const text = await raw(bytes())
    expect(text).not.toContain(mine)
    expect([400, 401, 411, 413, 415, 501]).toContain(answersIn(text)[0])
  })
  test.each([
    '/../../package.json',
    '/docs/../../package.json',
    '/docs/..%2f..%2fpackage.json',
    '/docs/%2e%2e/%2e%2e/package.json',
    '/docs/..%5c..%5cpackage.json',
    '/docs/....//....//package.json',
    '/docs//etc/passwd',
    '/docs/swagger-ui.css%00.json',
    '//etc/passwd',
    '/v1/../docs/../package.json',
    '/v1/%00',
    '/openapi.json/../../package.json',
  ])('a path leads to no file of the machine: %s', async path => {
    const text = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect([path, text.includes('"dependencies"'), text.includes('root:')]).toEqual([path, false, false])
    expect([301, 302, 400, 401, 403, 404]).toContain(answersIn(text)[0])
  })
  test('nothing that was sent becomes a header of the answer', async () => {
    for (const bytes of [
      'GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Correlation-Id: 1%0d%0aSet-Cookie:%20a=b\r\nConnection: close\r\n\r\n',
      'GET /v1/me%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'GET /docs%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Correlation-Id: a\rSet-Cookie: a=b\r\nConnection: close\r\n\r\n',
      'GET http://evil.example/v1/me HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n',
    ]) {
      const [head = ''] = (await raw(bytes)).split('\r\n\r\n')
      expect([bytes, answersIn(head).length, /set-cookie/i.test(head), head.includes('evil.example')]).toEqual([bytes, 1, false, false])
    }
  })
  test('headers without end, or without number, are refused', async () => {
    expect(answersIn(await raw(`GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(100_000)}\r\n\r\n`))[0]).toBe(431)
    const many = answersIn(
      await raw(`GET /v1/me HTTP/1.1\r\nHost: x\r\n${Array.from({ length: 1_500 }, (_, n) => `X-${n}: 1`).join('\r\n')}\r\n\r\n`),
    )
    expect([400, 401, 431]).toContain(many[0])
  })
  test('what says that it is safe is said on every answer, also a refusal', async () => {
    for (const path of ['/v1/me', '/nothing', '/health/live', '/docs']) {
      const { headers } = await fetch(`${url}${path}`)
      expect([
        path,
        headers.get('x-content-type-options'),
        headers.get('x-frame-options'),
        headers.get('content-security-policy')?.includes("default-src 'self'"),
        headers.get('x-powered-by'),
      ]).toEqual([path, 'nosniff', 'SAMEORIGIN', true, null])
    }
  })
})

describe('the rate limit', () => {
  const statuses = async (ask: (n: number) => Promise<{ readonly status: number }>, times: number) =>
    Promise.all(Array.from({ length: times }, async (_, n) => (await ask(n)).status))
  /** So many that no second has room for them. */
  const many = 10 * limit
  test('a caller beyond it is refused, with the time to wait, and others go on', async () => {
    const at = await limited.getUrl()
    const other = await issueTokenOn(w, w.dir, 'auditor', 'auditor-1')
    const [answers, others] = await Promise.all([
      Promise.all(Array.from({ length: many }, () => fetch(`${at}/v1/me`, { headers: { Authorization: `Bearer ${good}` } }))),
      me(other, at),
    ])
    expect([[...new Set(answers.map(({ status }) => status))].sort(), others.status]).toEqual([[200, 429], 200])
    const refused = answers.find(({ status }) => status === 429)
    expect([((await refused?.json()) as { code: string }).code, Number(refused?.headers.get('retry-after')) > 0]).toEqual([
      'TOO_MANY_REQUESTS',
      true,
    ])
  })
  test('nor is writing one token in many ways', async () => {
    const at = await limited.getUrl()
    const spellings = ['Bearer', 'bearer', 'BEARER', 'bEARER', 'BeArEr', 'beareR', 'BEArer', 'bearER', 'BearEr', 'bEaReR']
    const answered = await statuses(
      n => fetch(`${at}/v1/me`, { headers: { Authorization: `${spellings[n % spellings.length] ?? ''} ${good}` } }),
      many,
    )
    expect(answered.filter(status => status === 200).length).toBeLessThan(many / 2)
  })
  test('a flood of bad tokens from an address does not lock out who has a good one there', async () => {
    const at = await limited.getUrl()
    const fresh = await issueTokenOn(w, w.dir, 'auditor', 'auditor-2')
    const [flood, mine] = await Promise.all([statuses(() => me(`x.${randomUUID()}.y`, at), many), me(fresh, at)])
    expect([flood.includes(429), mine.status]).toEqual([true, 200])
  })
  test('trying one token after another is not a way around it', async () => {
    const at = await limited.getUrl()
    const answered = await statuses(() => me(`x.${randomUUID()}.y`, at), many)
    expect(answered.filter(status => status === 401).length).toBeLessThan(many / 2)
    expect(answered).toContain(429)
  })
})

test('without a policy pack nothing is decided: the answer and /health/ready say what is missing', async () => {
  const bare = await world({ kind: 'postgres' }, { policies: false })
  const app = await createApi(bare, trustLocalIssuer(bare.dir.issuer), pino({ level: 'silent' }), { requestsPerSecond: 1_000 })
  try {
    await app.listen(0, '127.0.0.1')
    const at = await app.getUrl()
    const token = await issueTokenOn(bare, bare.dir, 'back-office', 'office-1')
    const answer = await fetch(`${at}/v1/subjects/${randomUUID()}/service-wish`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Idempotency-Key': 'a-key', 'Content-Type': 'application/json' },
      body: '{"outcome":"WANTED","channel":"PHONE"}',
    })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, 'NO_POLICY_IN_FORCE'])
    const { parts } = (await (await fetch(`${at}/health/ready`)).json()) as {
      parts: readonly { part: string; ready: boolean; why?: string }[]
    }
    expect(parts.find(({ part }) => part === 'policies')).toEqual({
      part: 'policies',
      ready: false,
      why: 'No privacy notice is in force: publish a policy pack',
    })
  } finally {
    await app.close()
    await bare.end()
  }
})
