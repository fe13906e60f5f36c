import { z } from 'zod'
import { ClearField, type Field, GroupField, ListField, OptionalField, type Shape } from './field.js'

type JsonSchema = Readonly<Record<string, unknown>>

/**
 * What a field of an event may hold, as a schema of OpenAPI: a document that shows published events says of them what their definition
 * does. @throws Error for a personal field: what is sealed is shown by a door of its own
 */
export function schemaOfField(field: Field): JsonSchema {
  if (field instanceof OptionalField) return schemaOfField(field.inner as Field)
  if (field instanceof ListField) return { type: 'array', maxItems: field.max, items: schemaOfField(field.inner as Field) }
  if (field instanceof GroupField) return schemaOfShape(field.shape as Shape)
  if (!(field instanceof ClearField)) throw new Error('A personal field has no schema here')
  return z.toJSONSchema(field.schema, { target: 'openapi-3.0' }) as JsonSchema
}

export const mayLack = (field: Field): boolean => field instanceof OptionalField

const schemaOfShape = (shape: Shape): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, schemaOfField(field)])),
  required: Object.keys(shape).filter(name => !mayLack(shape[name] as Field)),
})
