import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

type Schema = { readonly [key: string]: unknown }
type Response = { readonly content?: Readonly<Record<string, { readonly schema: Schema }>>; readonly headers?: Schema }
type Operation = { readonly responses: Readonly<Record<string, Response>> }
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>; readonly components: Schema }
/** An answer, however it was had. */
export type Said = {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly status: number
  readonly header: (name: string) => string | undefined
  readonly body: unknown
}

const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Document
/** What the document does not name must not be in an answer: nobody would know of it. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return 'properties' in inside && !('additionalProperties' in inside) ? { ...inside, additionalProperties: false } : inside
}
const ajv = new Ajv({ strict: false, allErrors: true })
formats.default(ajv)
ajv.addSchema({ $id: 'api', ...document, components: closed(document.components) })

/** Of several that match, the one that leaves least open. */
const patterns = Object.keys(document.paths)
  .map(path => ({
    path,
    open: path.split('{').length,
    form: new RegExp(`^${path.replace(/\{path\}$/, '.+').replace(/\{\w+\}/g, '[^/]+')}$`),
  }))
  .sort((one, other) => one.open - other.open)
const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
const known = new Map<string, ValidateFunction>()
function schemaAt(...parts: readonly string[]): ValidateFunction {
  const $ref = `api#/${parts.map(escaped).join('/')}`
  const validate = known.get($ref) ?? ajv.compile({ $ref })
  known.set($ref, validate)
  return validate
}
/** Of the headers that the document gives an answer, those that it never lacks. */
const always = ['X-Correlation-Id', 'ETag', 'Location', 'Retry-After', 'WWW-Authenticate']

/** Holds an answer against the document: its status, its headers, its body. @throws Error, in words, where the document says otherwise */
export function assertAsDocumented({ method, path, status, header, body }: Said): void {
  const [asked = ''] = path.split('?')
  const at = patterns.find(({ form }) => form.test(asked))?.path
  const operation = at === undefined ? undefined : document.paths[at]?.[method.toLowerCase()]
  if (at === undefined || !operation) return
  const what = `${method} ${at} answered ${status}`
  const response = operation.responses[status]
  if (!response) throw new Error(`${what}, which its document does not know`)
  for (const name of always) if (name in (response.headers ?? {}) && header(name) === undefined) throw new Error(`${what} without ${name}`)
  const [type = ''] = (header('content-type') ?? '').split(';')
  if (!response.content?.[type]) throw new Error(`${what} as ${type}, which its document does not know`)
  if (!type.endsWith('json')) return
  const validate = schemaAt('paths', at, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema')
  if (validate(body)) return
  const wrong = (validate.errors ?? []).map(
    ({ instancePath, message = '', params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
  throw new Error(`${what} otherwise than its document says: ${wrong.join('; ')}`)
}
