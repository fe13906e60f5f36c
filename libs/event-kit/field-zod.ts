import { z } from 'zod'
import { ClearField, type Field, GroupField, ListField, OptionalField, type Shape } from './field.js'

/**
 * What an event of this shape holds, for what people wrote and not the codec: exactly these fields, and a reason at each place that does
 * not fit. @throws Error for a personal field: what is sealed stands in no file
 */
export const zodOfShape = (shape: Shape): z.ZodType =>
  z.strictObject(Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, zodOfField(field)])))

/** Of one field. @throws Error as `zodOfShape` */
export function zodOfField(field: Field): z.ZodType {
  if (field instanceof OptionalField) return zodOfField(field.inner as Field).optional()
  if (field instanceof ListField) return z.array(zodOfField(field.inner as Field)).max(field.max)
  if (field instanceof GroupField) return zodOfShape(field.shape as Shape)
  if (!(field instanceof ClearField)) throw new Error('A personal field is not written by hand')
  return field.schema
}
