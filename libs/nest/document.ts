import type { OpenAPIObject } from '@nestjs/swagger'
import { type RefusalCode, refusalText } from '#kernel/refusals'
import { problemOf } from './problems.js'

type PathItem = OpenAPIObject['paths'][string]
type Operation = NonNullable<PathItem['get']>
type Response = Exclude<NonNullable<Operation['responses'][string]>, { readonly $ref: string }>
type Components = Readonly<Record<string, { readonly required?: readonly string[] }>>

/** What answers say beside their bodies: each header stands once, and the answers that carry it name it. */
const headers = {
  CorrelationId: {
    description: 'Names this request in the logs. A UUID that the request gave as X-Correlation-Id is kept.',
    schema: { type: 'string', format: 'uuid' },
  },
  ETag: {
    description: 'The revision, in double quotes, as If-Match takes it.',
    schema: { type: 'string', pattern: '^"[0-9]{1,18}"$', example: '"4"' },
  },
  Location: { description: 'Where what was made is to be read.', schema: { type: 'string', format: 'uri-reference' } },
  RetryAfter: { description: 'How many seconds to wait before asking again.', schema: { type: 'integer', minimum: 0, example: 2 } },
  Challenge: { description: 'How to say who one is.', schema: { type: 'string', enum: ['Bearer'] } },
  RateLimit: { description: 'How many requests a caller has in a second.', schema: { type: 'integer', minimum: 1, example: 1000 } },
  RateLimitRemaining: { description: 'How many of them are left.', schema: { type: 'integer', minimum: 0, example: 999 } },
  RateLimitReset: { description: 'In how many seconds there are as many again.', schema: { type: 'integer', minimum: 0, example: 1 } },
} as const
const header = (name: keyof typeof headers) => ({ $ref: `#/components/headers/${name}` })
const onEvery = { 'X-Correlation-Id': header('CorrelationId') }
const onLimited = {
  'X-RateLimit-Limit': header('RateLimit'),
  'X-RateLimit-Remaining': header('RateLimitRemaining'),
  'X-RateLimit-Reset': header('RateLimitReset'),
}
const byStatus: Readonly<Record<string, Response['headers']>> = {
  201: { Location: header('Location') },
  202: { 'Retry-After': header('RetryAfter') },
  401: { 'WWW-Authenticate': header('Challenge') },
  429: { 'Retry-After': header('RetryAfter') },
  503: { 'Retry-After': header('RetryAfter') },
}
/** Which doors are not limited says their own mark. */
export const notLimited = 'x-not-limited'

/** The generator names the rest of a path `path` there and `*` in the parameter. */
const rest = '*'

/** What a door was asked and answered, by its method and path: `POST /v1/referrals`. */
export type ExamplesByDoor = Readonly<Record<string, { readonly request?: unknown; readonly answer: unknown }>>

/** What the generator leaves out: headers, examples, the rest of a path by its name, and that a door asks for no token. */
export function completed(document: OpenAPIObject, examples: ExamplesByDoor): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Components
  const doors = Object.entries(document.paths).flatMap(([path, { get, post }]) => [
    ...(get ? [{ name: `GET ${path}`, operation: get }] : []),
    ...(post ? [{ name: `POST ${path}`, operation: post }] : []),
  ])
  for (const { name, operation } of doors) {
    complete(operation, schemas)
    show(operation, examples[name])
  }
  const problems = problemsOf(doors.map(({ operation }) => operation))
  return { ...document, components: { ...document.components, headers: structuredClone(headers) as never, examples: problems } }
}

function complete(operation: Operation, schemas: Components) {
  operation.security ??= []
  for (const parameter of operation.parameters ?? []) {
    if ('$ref' in parameter) continue
    if (parameter.name === rest) parameter.name = 'path'
    if (parameter.in === 'path') parameter.description ??= `The ${parameter.name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)}.`
  }
  const isLimited = !(notLimited in operation)
  for (const [status, response] of Object.entries(operation.responses) as readonly (readonly [string, Response])[])
    response.headers = {
      ...onEvery,
      ...(isLimited ? onLimited : {}),
      ...byStatus[status],
      ...(hasRevision(response, schemas) ? { ETag: header('ETag') } : {}),
    }
}

/** Each refusal that a door names, whole, as a client gets it. */
const problemsOf = (operations: readonly Operation[]) =>
  Object.fromEntries(
    [...new Set(operations.flatMap(codesOf))]
      .sort()
      .map(code => [code, { summary: refusalText(code).rule, value: problemOf({ code }, [], '00000000-0000-4000-8000-000000000001') }]),
  )

const codesOf = ({ responses }: Operation) =>
  (Object.values(responses) as readonly Response[]).flatMap(
    ({ content }) => Object.keys(content?.['application/problem+json']?.examples ?? {}) as readonly RefusalCode[],
  )

const json = 'application/json'
function show({ requestBody, responses }: Operation, example: ExamplesByDoor[string] | undefined) {
  if (!example) return
  if (requestBody && 'content' in requestBody && requestBody.content[json]) requestBody.content[json].example = example.request
  for (const [status, response] of Object.entries(responses) as readonly (readonly [string, Response])[])
    if (status.startsWith('2') && response.content?.[json]) response.content[json].example = example.answer
}

/** An answer that says a revision carries it as its ETag. */
function hasRevision({ content }: Response, schemas: Components): boolean {
  const schema = content?.[json]?.schema
  if (!schema || !('$ref' in schema)) return false
  return schemas[schema.$ref.split('/').at(-1) ?? '']?.required?.includes('revision') ?? false
}
