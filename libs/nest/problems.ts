import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common'
import { ApiProperty } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppendAltered, AppendRefused, EventStoreRewound, NoSuchPosition, StoreUnavailable, StreamDamaged } from '#event-store/event-store'
import { NoAnswer } from '#event-store/patience'
import { StreamBusy } from '#commands/turns'
import { NotIJson } from '#event-kit/i-json'
import { causeOf, isCausedBy, isConnectionError } from '#kernel/error-kind'
import { IssuerAway } from '#kernel/issuer-away'
import { type Hindrance, hindranceIn } from '#kernel/outage'
import { ClockWrong } from '#kernel/clock'
import { NewerEvent } from '#kernel/newer-event'
import { type Refusal, type RefusalCode, refusalText, refusals, statusOf } from '#kernel/refusals'
import { NoPolicyInForce } from '#policy/policy'
import { NotCurrent } from '#projections/declaration'
import type { Outages } from '#telemetry/outages'
import { KeyMissing, KeyStoreUnavailable, SealBroken, SubjectErased } from '#subject-keys/subject-keys'

/** A field that is wrong and the rule it breaks; no value, and no name that the API does not know. */
export class FieldProblem {
  @ApiProperty({ required: false }) readonly field?: string
  @ApiProperty() readonly rule!: string
}
/** A code with its texts. */
export class RefusalDetail {
  @ApiProperty({ enum: Object.keys(refusals) }) readonly code!: RefusalCode
  @ApiProperty({ required: false }) readonly clause?: string
  @ApiProperty() readonly rule!: string
  @ApiProperty() readonly remedy!: string
}

/** A refusal on its way to the client. */
export class Refused extends Error {
  constructor(
    readonly refusal: Refusal,
    readonly errors: readonly FieldProblem[] = refusal.parts ?? [],
  ) {
    super(refusal.code)
  }
}
export const refusedAs = (code: RefusalCode, errors: readonly FieldProblem[] = []) => new Refused({ code }, errors)

/** RFC 9457. */
export class Problem {
  @ApiProperty({ description: 'A URI that names the code.', example: 'urn:caseledger:refusal:CONSENT_NOT_GRANTED' }) type!: string
  @ApiProperty({ description: 'The rule in plain English.' }) title!: string
  @ApiProperty() status!: number
  @ApiProperty({ description: 'The closed refusal code.', enum: Object.keys(refusals) }) code!: string
  @ApiProperty({ required: false, description: 'The clause of the privacy notice behind the rule.' }) clause?: string
  @ApiProperty({ description: 'The rule that refused.' }) rule!: string
  @ApiProperty({ description: 'What would make it allowed.' }) remedy!: string
  @ApiProperty({ description: 'Names this request in the logs.' }) correlationId!: string
  @ApiProperty({ required: false, description: 'The known field that is wrong, where there is one.' }) field?: string
  @ApiProperty({ required: false, type: () => [FieldProblem] }) errors?: FieldProblem[]
  @ApiProperty({ required: false, description: 'Every rule that fails, in order.', type: () => [RefusalDetail] }) refusals?: RefusalDetail[]
}
export function refusalDetail(code: RefusalCode): RefusalDetail {
  const { clause, rule, remedy } = refusalText(code)
  return { code, ...(clause ? { clause } : {}), rule, remedy }
}

export function problemOf({ code, also = [] }: Refusal, errors: readonly FieldProblem[], correlationId: string): Problem {
  const detail = refusalDetail(code)
  const field = errors.find(error => error.field !== undefined)?.field
  return {
    type: `urn:caseledger:refusal:${code}`,
    title: detail.rule,
    status: statusOf(code),
    ...detail,
    correlationId,
    ...(field === undefined ? {} : { field }),
    ...(errors.length > 0 ? { errors: [...errors] } : {}),
    ...(also.length > 0 ? { refusals: [code, ...also].map(refusalDetail) } : {}),
  }
}

const byStatus: Readonly<Record<number, RefusalCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'ROLE_NOT_PERMITTED',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  503: 'UNAVAILABLE',
}

/** Told to the operators each time, although the client is answered 503: nothing is away. */
const isAlarm = (error: unknown) => error instanceof AppendAltered
const isAway = [StreamBusy, StoreUnavailable, KeyStoreUnavailable, NoAnswer, IssuerAway]
/** What an error means to the client. Whatever is not known is INTERNAL_ERROR; its message never leaves. */
export function refusalOfError(error: unknown): { readonly refusal: Refusal; readonly errors: readonly FieldProblem[] } {
  if (error instanceof Refused) return { refusal: error.refusal, errors: error.errors }
  if (error instanceof NotIJson) return { refusal: { code: 'INVALID_REQUEST' }, errors: [{ rule: error.rule }] }
  if (error instanceof SubjectErased) return { refusal: { code: 'SUBJECT_ERASED' }, errors: [] }
  if (error instanceof NoSuchPosition)
    return {
      refusal: { code: 'INVALID_REQUEST' },
      errors: [{ field: 'after', rule: 'after must be a position that an answer of this service gave' }],
    }
  if (error instanceof KeyMissing) return { refusal: { code: 'KEY_LOST' }, errors: [] }
  if (error instanceof SealBroken) return { refusal: { code: 'SEAL_BROKEN' }, errors: [] }
  if (error instanceof EventStoreRewound) return { refusal: { code: 'EVENT_STORE_REWOUND' }, errors: [] }
  if (error instanceof NotCurrent) return { refusal: { code: 'NOT_YET_VISIBLE' }, errors: [] }
  if (error instanceof StreamDamaged) return { refusal: { code: 'HISTORY_DAMAGED' }, errors: [] }
  if (error instanceof AppendAltered) return { refusal: { code: 'NOT_STORED_AS_SENT' }, errors: [] }
  if (error instanceof ClockWrong) return { refusal: { code: 'CLOCK_WRONG' }, errors: [] }
  if (error instanceof NewerEvent) return { refusal: { code: 'WRITTEN_BY_NEWER_RELEASE' }, errors: [] }
  if (error instanceof NoPolicyInForce) return { refusal: { code: 'NO_POLICY_IN_FORCE' }, errors: [] }
  if (error instanceof AppendRefused) return { refusal: { code: 'BODY_TOO_LARGE' }, errors: [] }
  if (isAway.some(kind => error instanceof kind) || isConnectionError(error)) return { refusal: { code: 'UNAVAILABLE' }, errors: [] }
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode
  if (typeof status === 'number' && status < 500) return { refusal: { code: byStatus[status] ?? 'INVALID_REQUEST' }, errors: [] }
  return { refusal: { code: 'INTERNAL_ERROR' }, errors: [] }
}

/** Whether somebody was told no, rather than that something is ill. */
export const isRefusal = (error: unknown): boolean => statusOf(refusalOfError(error).refusal.code) < 500

/** What a 503 is about that no driver tells of. */
const missingByCode: Readonly<Partial<Record<RefusalCode, readonly [part: string, words: string]>>> = {
  NOT_YET_VISIBLE: [
    'read models',
    'they have not reached the position asked for, are being built, or could not go on with a stream: is the worker running?',
  ],
  NO_POLICY_IN_FORCE: ['policies', 'no policy pack is in force'],
  CLOCK_WRONG: ['clocks', 'they differ by more than is allowed'],
  WRITTEN_BY_NEWER_RELEASE: ['release', 'a newer release wrote what this one cannot read: start that release'],
  EVENT_STORE_REWOUND: ['event store', 'it does not hold what was read from it'],
}

/** Which part a 503 is about, and what is in its way. */
function missing(error: unknown, code: RefusalCode): { readonly part: string; readonly hindrance: Hindrance } {
  const [named, words] = missingByCode[code] ?? []
  if (named !== undefined && words !== undefined) return { part: named, hindrance: { code, words, mends: true } }
  if (error instanceof StreamBusy)
    return { part: 'one stream', hindrance: { code: 'BUSY', words: 'more is commanded of it than can be written', mends: true } }
  if (error instanceof IssuerAway) return { part: 'token issuer', hindrance: hindranceIn(error) }
  // Which of them it was nobody heard.
  if (error instanceof NoAnswer) return { part: 'a database or store', hindrance: hindranceIn(error) }
  return {
    part: isCausedBy(error, StoreUnavailable) ? 'event store' : error instanceof KeyStoreUnavailable ? 'vault' : 'database',
    hindrance: hindranceIn(error),
  }
}

/** How a request is told from others that need other parts: the route's pattern, never the URL. */
export const wayOf = ({ method, routeOptions }: Pick<FastifyRequest, 'method' | 'routeOptions'>) =>
  `${method} ${routeOptions.url ?? 'none'}`

type Log = { error(details: object, message: string): void }

/**
 * Every error becomes problem+json; the log learns the kind of error and the correlation id, never a message that might hold a value. Of
 * a part that is away it learns once.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly outages: Pick<Outages, 'failed'>,
    private readonly count: (code: RefusalCode) => void = () => undefined,
  ) {}

  catch(error: unknown, host: ArgumentsHost) {
    const http = host.switchToHttp()
    const [request, reply] = [http.getRequest<FastifyRequest & { correlationId?: string }>(), http.getResponse<FastifyReply>()]
    const correlationId = request.correlationId ?? ''
    const {
      refusal: { code, ...more },
      errors,
    } = refusalOfError(error)
    const problem = problemOf({ code, ...more }, errors, correlationId)
    this.count(code)
    // What says what is wrong with the request is its sender's: it would be answered the same on the best of days.
    const isOurs = problem.status >= 500 && errors.length === 0
    if (isOurs && problem.status === 503 && !isAlarm(error))
      this.outages.failed({ ...missing(error, code), way: wayOf(request), details: { correlationId, code } })
    else if (isOurs)
      this.log.error(
        {
          correlationId,
          code,
          kind: error instanceof Error ? error.constructor.name : typeof error,
          at: firstFrame(error),
          cause: causeOf(error),
        },
        'request failed',
      )
    if (problem.status === 503) void reply.header('Retry-After', '2')
    if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer')
    void reply.status(problem.status).header('Content-Type', 'application/problem+json; charset=utf-8').send(JSON.stringify(problem))
  }
}

/** Where it happened, without what was said. */
const firstFrame = (error: unknown) =>
  error instanceof Error
    ? error.stack
        ?.split('\n')
        .find(line => line.trim().startsWith('at '))
        ?.trim()
    : undefined
