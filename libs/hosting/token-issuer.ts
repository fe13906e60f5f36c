import { type JWTVerifyGetKey, createRemoteJWKSet, errors } from 'jose'
import { hindranceIn } from '#kernel/outage'
import { IssuerAway } from '#kernel/issuer-away'
import { localIssuerName, trustLocalIssuer } from './local-issuer.js'
import { isProduction, ownIssuer } from './settings.js'
import { PartAway, type Waiting, patiently } from './waiting.js'

/** Whose tokens are believed, and how their keys are found. */
export type TrustedIssuer = { readonly issuer: string; readonly audience: string; readonly keys: JWTVerifyGetKey }

/** A key that was taken back is believed for no longer than this. */
const keysKeptMs = 10 * 60_000
/** A token with a key that nobody knows asks for the keys again, but not more often: made-up key ids are no way to flood an issuer. */
const askAgainMs = 15_000
const answerWithinMs = 4_000

/**
 * The issuer of CASELEDGER_ISSUER, whose keys are at CASELEDGER_JWKS_URL; on a laptop, where none is named, one of its own.
 * @param folder of the laptop's issuer @throws Error in production without an issuer of its own; PartAway where its keys are not to be had
 */
export async function trustedIssuer(folder: string, waiting: Waiting, env: NodeJS.ProcessEnv = process.env): Promise<TrustedIssuer> {
  const own = issuerNamed(env)
  if (!own) return trustLocalIssuer(folder)
  const remote = createRemoteJWKSet(own.jwks, { cacheMaxAge: keysKeptMs, cooldownDuration: askAgainMs, timeoutDuration: answerWithinMs })
  const part = { name: 'the token issuer’s key set', address: own.jwks.host, setting: 'CASELEDGER_JWKS_URL' }
  await patiently(async () => {
    try {
      await remote.reload()
    } catch (error) {
      throw new PartAway(part, whyNoKeys(error))
    }
  }, waiting)
  const keys: JWTVerifyGetKey = (header, token) =>
    remote(header, token).catch((error: unknown) => {
      throw isAboutTheToken(error) ? error : new IssuerAway(error)
    })
  return { issuer: own.issuer, audience: own.audience, keys }
}

/** By which name staff are known whose tokens this installation believes. @throws Error in production without an issuer of its own */
export const issuerName = (folder: string): string => issuerNamed()?.issuer ?? localIssuerName(folder)

/** Undefined on a laptop that has its own. @throws Error in production without an issuer of its own */
export function issuerNamed(env: NodeJS.ProcessEnv = process.env): ReturnType<typeof ownIssuer> {
  const own = ownIssuer(env)
  if (!own && isProduction(env))
    throw new Error(
      'In production tokens come from an issuer of your own: set CASELEDGER_ISSUER, CASELEDGER_AUDIENCE and CASELEDGER_JWKS_URL. '
        + 'The laptop’s issuer, which signs for whoever can read its file, is not believed.',
    )
  return own
}

/** It names no key that the issuer has, or more than one: that says nothing about the issuer. */
const isAboutTheToken = (error: unknown) =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys || error instanceof errors.JOSENotSupported

function whyNoKeys(error: unknown) {
  if (error instanceof errors.JWKSInvalid) return { code: error.code, words: 'what it answers is no key set (RFC 7517)', mends: false }
  if (error instanceof errors.JWKSTimeout) return { code: 'NoAnswer', words: 'it does not answer', mends: true }
  if (error instanceof errors.JOSEError) return { code: error.code, words: 'it does not answer 200 with JSON', mends: true }
  return hindranceIn(error)
}
