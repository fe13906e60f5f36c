import { type JsonWebKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type JSONWebKeySet, SignJWT, createLocalJWKSet, importJWK } from 'jose'
import type { StaffRole } from '#kernel/actor'
import { secretFile } from './secret-file.js'

const audience = 'caseledger'
type Issuer = {
  readonly issuer: string
  readonly kid: string
  readonly privateKey: JsonWebKey & { kty: string }
  readonly publicKey: JsonWebKey & { kty: string }
}

/** An issuer for a laptop, so that a newcomer has a token with one command. Production refuses it. */
function localIssuer(folder: string): Issuer {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return JSON.parse(
    secretFile(join(folder, 'issuer.json'), () => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const issuer = {
        issuer: `urn:caseledger:local:${randomUUID()}`,
        kid: randomUUID(),
        privateKey: privateKey.export({ format: 'jwk' }),
        publicKey: publicKey.export({ format: 'jwk' }),
      }
      return JSON.stringify(issuer)
    }),
  ) as Issuer
}

export const localIssuerName = (folder: string): string => localIssuer(folder).issuer

/** What the API needs to believe this issuer's tokens. */
export function trustLocalIssuer(folder: string) {
  const { issuer, kid, publicKey } = localIssuer(folder)
  const keys: JSONWebKeySet = { keys: [{ ...publicKey, kid, alg: 'ES256', use: 'sig' }] }
  return { issuer, audience, keys: createLocalJWKSet(keys) }
}

/** A token for twelve hours. */
export async function localToken(
  folder: string,
  subject: string,
  role: StaffRole,
): Promise<{ readonly token: string; readonly issuer: string }> {
  const { issuer, kid, privateKey } = localIssuer(folder)
  const token = await new SignJWT({ roles: [role] })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(await importJWK(privateKey, 'ES256'))
  return { token, issuer }
}
