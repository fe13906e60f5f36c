import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { type JWTVerifyGetKey, errors, jwtVerify } from 'jose'
import type { StreamFolds } from '#commands/folds'
import type { StaffIdentities } from '#commands/seen-commands'
import { identityOf } from '#commands/staff-identity'
import { mayActAs, organisation, staff } from '#domain/staff/staff'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { Clock } from '#kernel/clock'
import type { StaffRef } from '#kernel/id'
import { IssuerAway } from '#kernel/issuer-away'
import type { RefusalCode } from '#kernel/refusals'
import { rolesKey } from './door.js'
import { refusedAs } from './problems.js'
import { type AuthenticatedRequest, type Bearer, type DeniedReader, subjectIn } from './request.js'
import { sourceAddressOf } from './source-address.js'

/** Which tokens are believed. */
export type TokenTrust = { readonly issuer: string; readonly audience: string; readonly keys: JWTVerifyGetKey }

/** Told of every registered member of staff who came to a door that is not theirs. */
type Denied = (by: DeniedReader, code: RefusalCode, subjectRef?: string) => void

const isRole = (role: unknown): role is StaffRole => staffRoles.includes(role as StaffRole)

/** The bearer of a good token, checked once a request: whoever limits requests asks first, and has to know who is asking. */
export const bearerOf = (request: Pick<AuthenticatedRequest, 'headers' | 'bearer'>, trust: TokenTrust): Promise<Bearer | undefined> =>
  (request.bearer ??= verified(request.headers.authorization, trust))

/** The algorithms that are taken. `Ed25519` is the newer name of `EdDSA` (RFC 9864). */
const algorithms = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256']
/** What a token may say that it is: nothing, or an access token (RFC 9068). An answer to a logout is none. */
const types: readonly unknown[] = [undefined, 'jwt', 'at+jwt']
const typeIn = (typ: unknown) => (typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ)
/** Seconds from issue to expiry, at most: whoever finds an old token shall not have it for good. */
const longestLife = 24 * 3_600
const clockTolerance = 5

/** @throws IssuerAway where nobody can tell whether it is a good one */
async function verified(authorization: string | undefined, { keys, issuer, audience }: TokenTrust): Promise<Bearer | undefined> {
  const token = /^Bearer ([A-Za-z0-9._~+/=-]{1,8192})$/i.exec(authorization ?? '')?.[1]
  if (!token) return undefined
  try {
    const { payload, protectedHeader } = await jwtVerify(token, underEitherName(keys), {
      issuer,
      audience,
      algorithms,
      requiredClaims: ['sub', 'exp', 'iat'],
      // Also refuses one that was issued in the future, whose life would be as long as its lead.
      maxTokenAge: longestLife,
      clockTolerance,
    })
    const { exp, iat, sub, roles: claimed } = payload as { exp: number; iat: number; sub: string; roles?: unknown }
    if (!types.includes(typeIn(protectedHeader.typ)) || exp - iat > longestLife) return undefined
    return { subject: sub, roles: Array.isArray(claimed) ? claimed.filter(isRole) : [] }
  } catch (error) {
    if (error instanceof IssuerAway) throw error
    return undefined
  }
}

/** A key set names the algorithm of a key by the older or the newer name, whichever the token has. */
const otherName: Readonly<Record<string, string>> = { EdDSA: 'Ed25519', Ed25519: 'EdDSA' }
const underEitherName =
  (keys: JWTVerifyGetKey): JWTVerifyGetKey =>
  async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      const alg = otherName[header.alg]
      if (!(error instanceof errors.JWKSNoMatchingKey) || alg === undefined) throw error
      return keys({ ...header, alg }, { ...token, header: { ...token.header, alg } })
    }
  }

/** C47, C48: a capability needs the token's role ∧ an active staff record ∧ a current appointment where the role needs one. */
@Injectable()
export class StaffOnly implements CanActivate {
  readonly #reflector = new Reflector()

  constructor(
    private readonly trust: TokenTrust,
    private readonly serviceKey: string,
    private readonly identities: StaffIdentities,
    private readonly folds: StreamFolds,
    private readonly denied: Denied,
    private readonly clock: Clock,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const allowed = this.#reflector.get<readonly StaffRole[] | undefined>(rolesKey, context.getHandler())
    if (!allowed) return true
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>()
    request.sourceAddress = sourceAddressOf(this.serviceKey, request.ip)
    const bearer = await bearerOf(request, this.trust)
    if (!bearer) throw refusedAs('UNAUTHENTICATED')
    const { subject, roles } = bearer
    const staffRef = (await this.identities.find(identityOf(this.serviceKey, this.trust.issuer, subject))) as StaffRef | undefined
    const refuse = (code: RefusalCode) => {
      const by = { correlationId: request.correlationId, sourceAddress: request.sourceAddress }
      if (staffRef !== undefined && roles[0]) this.denied({ actor: { id: staffRef, role: roles[0] }, ...by }, code, subjectIn(request))
      return refusedAs(code)
    }
    const fitting = roles.filter(one => allowed.includes(one))
    if (fitting.length === 0) throw refuse('ROLE_NOT_PERMITTED')
    const found = staffRef === undefined ? undefined : await this.#actor(staffRef, fitting)
    if (!found) throw refuse('STAFF_NOT_REGISTERED')
    Object.assign(request, found)
    return true
  }

  /** In the first of these roles in which they may act. */
  async #actor(
    staffRef: StaffRef,
    roles: readonly StaffRole[],
  ): Promise<Pick<AuthenticatedRequest, 'actor' | 'trainedUntil' | 'acknowledged' | 'given'> | undefined> {
    const [member, appointed] = await this.folds.loadTogether([
      { aggregate: staff, id: staffRef },
      { aggregate: organisation, id: 'main' },
    ])
    const now = this.clock.now()
    const role = roles.find(one => mayActAs(one, staffRef, member.state, appointed.state, now))
    const { trainedUntil, acknowledged, grants } = member.state
    const given = { grants, teams: appointed.state.teams }
    return (
      role && {
        actor: { id: staffRef, role },
        given,
        ...(trainedUntil === undefined ? {} : { trainedUntil }),
        ...(role === 'integration' ? {} : { acknowledged }),
      }
    )
  }
}
