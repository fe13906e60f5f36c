/** What the fuzzer reads of an OpenAPI document: enough to ask every path what it says it takes, and something else. */
export type Schema = {
  readonly $ref?: string
  readonly allOf?: readonly Schema[]
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly string[]
  /** Codes that are known today. */
  readonly 'x-known'?: readonly string[]
  readonly example?: unknown
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly maxLength?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
}
export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: Schema
}
type OperationObject = {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly 'x-roles'?: readonly string[]
}
export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}
export type Operation = {
  readonly method: string
  readonly path: string
  readonly roles: readonly string[]
  readonly parameters: readonly Parameter[]
  readonly body: Schema | undefined
}

export const operationsOf = ({ paths }: OpenApi): readonly Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, 'x-roles': roles = [] }]) => ({
      method: method.toUpperCase(),
      path,
      roles,
      parameters,
      body: requestBody?.content['application/json']?.schema,
    })),
  )

/** The schema behind references. @throws Error for one that leads nowhere: the document is wrong. */
export function resolved(document: OpenApi, schema: Schema): Schema {
  const [only] = schema.allOf ?? []
  if (only && schema.allOf?.length === 1) return resolved(document, only)
  if (schema.$ref === undefined) return schema
  const found = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')]
  if (!found) throw new Error(`The document refers to ${schema.$ref}, which it does not have`)
  return resolved(document, found)
}
