import { Get, HttpCode, Post, SetMetadata, type Type, applyDecorators } from '@nestjs/common'
import { RouteConfig } from '@nestjs/platform-fastify'
import { ApiBearerAuth, ApiExtension, ApiExtraModels, ApiHeader, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger'
import { type RefusalCode, refusals, statusOf } from '#kernel/refusals'
import type { RolesThatMay } from '#policy/capabilities'
import { notLimited } from './document.js'
import { type LocationOf, locationKey } from './location.js'
import { Problem } from './problems.js'

/** Whether an auditor needs an audit for this door. BY_DOOR: needed, and the door sees to scope and record itself. */
export type UnderAuditRule = 'NEEDED' | 'NOT_NEEDED' | 'BY_DOOR'
type Door = {
  readonly underAudit?: UnderAuditRule
  readonly path: string
  readonly summary: string
  readonly roles: RolesThatMay
  readonly refusals: readonly RefusalCode[]
  readonly answers: Type | readonly [Type]
  /** What it is for whoever accepts lines of JSON: a line each. */
  readonly lines?: string
}

export const rolesKey = 'caseledger:roles'
export const auditKey = 'caseledger:under-audit'
/** What is the service's own fault may meet anybody, at any door. */
const ours = (Object.keys(refusals) as readonly RefusalCode[]).filter(code => statusOf(code) >= 500)
const always: readonly RefusalCode[] = [
  'UNAUTHENTICATED',
  'ROLE_NOT_PERMITTED',
  'STAFF_NOT_REGISTERED',
  'INVALID_REQUEST',
  'TOO_MANY_REQUESTS',
  ...ours,
]
const underAuditRefusals: readonly RefusalCode[] = ['AUDIT_REQUIRED', 'AUDIT_SCOPE_EXCEEDED']
const withBody: readonly RefusalCode[] = ['INSTANT_IN_FUTURE', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE']
const commanding: readonly RefusalCode[] = ['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_REUSED', 'VERSION_CONFLICT']

/** The problem responses of a door, one a status, each with the codes it can carry. */
function problemResponses(codes: readonly RefusalCode[], words: { readonly [C in RefusalCode]?: string } = {}) {
  const byStatus = new Map<number, RefusalCode[]>()
  for (const code of [...new Set(codes)].sort()) byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code])
  return [...byStatus].map(([status, of]) =>
    ApiResponse({
      status,
      description: of.map(code => words[code] ?? code).join(', '),
      content: {
        'application/problem+json': {
          schema: { allOf: [{ $ref: getSchemaPath(Problem) }, { type: 'object', properties: { code: { type: 'string', enum: of } } }] },
          examples: Object.fromEntries(of.map(code => [code, { $ref: `#/components/examples/${code}` }])),
        },
      },
    }),
  )
}

function described({ summary, roles, refusals: own, underAudit = 'NEEDED' }: Door, more: readonly RefusalCode[]) {
  const isAudited = roles.includes('auditor') && underAudit !== 'NOT_NEEDED'
  const codes = [...always, ...more, ...own, ...(isAudited ? underAuditRefusals : [])]
  return [
    SetMetadata(rolesKey, roles),
    SetMetadata(auditKey, underAudit),
    ...(isAudited
      ? [
          ApiHeader({
            name: 'Audit-Id',
            required: false,
            description: 'For an auditor: the audit that this is read under, where several are open.',
            schema: { type: 'string', format: 'uuid' },
          }),
        ]
      : []),
    ApiOperation({ summary, description: `Roles: ${roles.join(', ')}.` }),
    ApiExtension('x-roles', [...roles]),
    ApiExtension('x-capability', roles.capability),
    ApiExtension('x-may', roles.may),
    ApiExtension('x-refusals', [...new Set(codes)].sort()),
    ApiBearerAuth(),
    ...problemResponses(codes),
  ]
}
const answered = ({ answers, lines }: Door, status: number) =>
  lines !== undefined
    ? applyDecorators(
        ApiExtraModels(answers as Type),
        ApiResponse({
          status,
          description: 'As JSON, or as lines of it.',
          content: {
            'application/json': { schema: { $ref: getSchemaPath(answers as Type) } },
            'application/x-ndjson': { schema: { type: 'string', description: lines } },
          },
        }),
      )
    : Array.isArray(answers)
      ? ApiResponse({ status, type: (answers as readonly [Type])[0], isArray: true })
      : ApiResponse({ status, type: answers as Type })

/** A door through which something is written: POST, with an Idempotency-Key. 201 where it creates something, with where that is. */
export const Commands = (door: Door & { readonly creates?: true | LocationOf }) =>
  applyDecorators(
    ...(door.creates ? [SetMetadata(locationKey, door.creates)] : []),
    Post(door.path),
    HttpCode(door.creates ? 201 : 200),
    ...described(door, [...withBody, ...commanding]),
    answered(door, door.creates ? 201 : 200),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'A new random key for each new command; the same key when you repeat one.',
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The revision that you saw last, in double quotes: any other is a conflict.',
    }),
  )

/** A question that is asked with a body, because what it asks with may not stand in a URL. Writes nothing but the record of who asked. */
export const Asks = (door: Door) =>
  applyDecorators(
    Post(door.path),
    HttpCode(200),
    ...described(door, withBody),
    answered(door, 200),
    ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Accepted, and not needed: nothing is decided.' }),
  )

/** Text as it is, or bytes. */
const FileAnswer = (type: string, status: number, description: string) =>
  ApiResponse({
    status,
    description,
    content: { [type]: { schema: type.startsWith('text/') ? { type: 'string' } : { type: 'string', format: 'binary' } } },
  })

/** A read for everybody, without a token: nothing that it answers is about anybody. */
export const ReadsOpenly = (
  type: string,
  { path, summary, none }: { readonly path: string; readonly summary: string; readonly none: string },
) =>
  applyDecorators(
    Get(path),
    ApiOperation({ summary, description: 'For everybody, without a token.' }),
    FileAnswer(type, 200, 'As it is.'),
    ...problemResponses(['NOT_FOUND', 'TOO_MANY_REQUESTS', ...ours], { NOT_FOUND: none }),
  )

/** What a machine asks that looks after this one: it is asked on whatever day, however many others ask from the same address. */
export const Probe = applyDecorators(
  RouteConfig({ rateLimit: false }),
  ApiExtension(notLimited, true),
  ...problemResponses(['INVALID_REQUEST']),
)

/** A read that answers a file of its own kind. @param waits it is 202 while there is none yet */
export const ReadsAs = (type: string, { waits = false, ...door }: Omit<Door, 'answers'> & { readonly waits?: boolean }) =>
  applyDecorators(
    Get(door.path),
    ...described({ ...door, answers: Object }, []),
    FileAnswer(type, 200, 'As it is.'),
    ...(waits ? [FileAnswer('text/plain', 202, 'Not yet: ask again.')] : []),
  )

/** A read. */
export const Reads = (door: Door) => applyDecorators(Get(door.path), ...described(door, []), answered(door, 200))
