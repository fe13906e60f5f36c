import { type ExecutionContext, createParamDecorator } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import type { Mandate } from '#domain/audit/audits'
import type { Comer } from '#commands/need-to-know'
import type { Actor, StaffRole } from '#kernel/actor'
import { canonicalJson } from '#event-kit/canonical'
import type { JsonValue } from '#kernel/json'
import type { StaffRef } from '#kernel/id'
import { isUuid } from './fields.js'
import { refusedAs } from './problems.js'

/** Whose token it is, as its issuer says. */
export type Bearer = { readonly subject: string; readonly roles: readonly StaffRole[] }
/** A member of staff, authenticated, in the role in which they may use this door. */
export type StaffActor = Actor & { readonly id: StaffRef; readonly role: StaffRole }
export type AuthenticatedRequest = FastifyRequest & {
  actor?: StaffActor
  /** Until when the actor's training is in date, where any is on record. */
  trainedUntil?: string
  /** What the organisation has given the actor. */
  given?: Pick<Comer, 'grants' | 'teams'>
  /** The policies that the actor has read; of a machine none is asked. */
  acknowledged?: ReadonlySet<string>
  bearer?: Promise<Bearer | undefined>
  correlationId: string
  /** A keyed digest of the address that it came from. */
  sourceAddress?: string
  audit?: Mandate
}

/** The id by which a request is found in logs, spans and answers. */
export const correlationIdOf = (request: object) => (request as AuthenticatedRequest).correlationId

/** Who is refused, and where they came from. */
export type DeniedReader = { readonly actor: StaffActor; readonly correlationId: string; readonly sourceAddress: string | undefined }
/** The person in the path, as far as it is an id at all. */
export const subjectIn = ({ params }: Pick<FastifyRequest, 'params'>): string | undefined => {
  const { subjectRef } = params as { readonly subjectRef?: string }
  return isUuid(subjectRef) ? subjectRef.toLowerCase() : undefined
}

/**
 * What a command needs to know of its request. The body's digest is made from canonical text, so that the order of fields does not
 * matter.
 */
export type RequestFacts = {
  readonly actor: StaffActor
  /** The grants that they have, and the teams that there are. */
  readonly grants: Comer['grants']
  readonly teams: Comer['teams']
  readonly trainedUntil: string | undefined
  readonly acknowledged: ReadonlySet<string> | undefined
  /** Of an auditor: what they read under. */
  readonly audit: Mandate | undefined
  readonly correlationId: string
  readonly sourceAddress: string | undefined
  readonly method: string
  /** The route with its ids, however the URL was spelled: what an Idempotency-Key is for. */
  readonly path: string
  readonly idempotencyKey: string | undefined
  readonly ifMatch: bigint | undefined
  readonly body: string
}

const keyPattern = /^[\x21-\x7e][\x20-\x7e]{0,199}$/

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !keyPattern.test(key)) throw refusedAs('IDEMPOTENCY_KEY_REQUIRED')
  return key
}

function ifMatchOf(request: FastifyRequest): bigint | undefined {
  const header = request.headers['if-match']
  if (header === undefined) return undefined
  const revision = /^"(\d{1,18})"$/.exec(header)?.[1]
  if (revision === undefined)
    throw refusedAs('INVALID_REQUEST', [{ field: 'If-Match', rule: 'must be a revision in double quotes, such as "4"' }])
  return BigInt(revision)
}

/**
 * A path has many spellings: an id in capitals, a letter percent-encoded, a query or a fragment after it. One command has one path, or it
 * would be done once for each spelling. As it stands in most requests, so that what was done before this was so is still found.
 */
function pathOf({ routeOptions: { url = '' }, params }: FastifyRequest): string {
  const given = params as Readonly<Record<string, string>>
  return url.replace(/:(\w+)|\*/g, (spelled, name?: string) => {
    const value = given[name ?? '*'] ?? spelled
    return isUuid(value) ? value.toLowerCase() : encodeURIComponent(value)
  })
}

/** Of whoever the guard did not say more of: no grant, and nobody's team. */
const nothingGiven: Pick<Comer, 'grants' | 'teams'> = { grants: new Map(), teams: new Map() }

export function requestFactsOf(request: AuthenticatedRequest): RequestFacts {
  if (!request.actor) throw refusedAs('UNAUTHENTICATED')
  return {
    actor: request.actor,
    ...(request.given ?? nothingGiven),
    trainedUntil: request.trainedUntil,
    acknowledged: request.acknowledged,
    audit: request.audit,
    correlationId: request.correlationId,
    sourceAddress: request.sourceAddress,
    method: request.method,
    path: pathOf(request),
    idempotencyKey: idempotencyKeyOf(request),
    ifMatch: ifMatchOf(request),
    body: request.body === undefined ? '' : canonicalJson(request.body as JsonValue),
  }
}

/** The request's own facts, for a door that passes them on with its command. */
export const TheRequest = createParamDecorator((_: unknown, context: ExecutionContext) =>
  requestFactsOf(context.switchToHttp().getRequest<AuthenticatedRequest>()),
)
