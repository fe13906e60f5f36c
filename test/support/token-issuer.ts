import { type KeyObject, generateKeyPairSync, randomUUID } from 'node:crypto'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'

type Key = { readonly kid: string; readonly alg: string; readonly privateKey: KeyObject; readonly jwk: object }
const kinds = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
} as const

/** An issuer as an organisation has one: its key set on loopback, and the tokens that it signs. */
export class TokenIssuer {
  readonly issuer = 'https://issuer.example.org/realms/service'
  readonly audience = 'caseledger-of-example'
  /** How it answers who asks for its keys. */
  answers: 'KEYS' | 'ERROR' | 'NO_KEY_SET' = 'KEYS'
  asked = 0
  #keys: readonly Key[] = []

  private constructor(private readonly server: Server) {
    this.rotate()
  }

  static async start(): Promise<TokenIssuer> {
    const server = createServer((_, response) => {
      one.asked += 1
      if (one.answers === 'ERROR') response.writeHead(500).end()
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(one.answers === 'KEYS' ? JSON.stringify(one.jwks) : '{"no":"keys"}')
    })
    const one = new TokenIssuer(server)
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve)
    })
    return one
  }

  get settings() {
    const { port } = this.server.address() as AddressInfo
    return { CASELEDGER_ISSUER: this.issuer, CASELEDGER_AUDIENCE: this.audience, CASELEDGER_JWKS_URL: `http://127.0.0.1:${port}/keys` }
  }
  get jwks() {
    return { keys: this.#keys.map(({ jwk }) => jwk) }
  }

  /** New keys in place of the old ones; one of them is said to be for EdDSA, and one for nothing in particular. */
  rotate() {
    this.#keys = (['RS256', 'EdDSA', 'ES256'] as const).map(alg => {
      const [kid, { privateKey, publicKey }] = [randomUUID(), kinds[alg]()]
      return { kid, alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', ...(alg === 'ES256' ? {} : { alg }) } }
    })
  }

  async token(sub: string, roles: readonly string[], { alg = 'RS256', header = {}, claims = {} }: Change = {}): Promise<string> {
    const key = this.#keys.find(one => one.alg === (alg === 'Ed25519' ? 'EdDSA' : alg)) as Key
    const now = Math.floor(Date.now() / 1_000)
    return new SignJWT({ iss: this.issuer, aud: this.audience, sub, roles, iat: now, exp: now + 600, ...claims })
      .setProtectedHeader({ alg, kid: key.kid, ...header })
      .sign(key.privateKey)
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }
}
type Change = { readonly alg?: string; readonly header?: object; readonly claims?: object }
