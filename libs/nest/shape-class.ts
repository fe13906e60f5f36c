import type { Type } from '@nestjs/common'
import { ApiProperty } from '@nestjs/swagger'
import type { Field, Shape } from '#event-kit/field'
import { mayLack, schemaOfField } from '#event-kit/field-schema'
import { named } from './named.js'

/** The class that describes in the API's document what was published: made of the event's own fields. */
export function shapeClass(name: string, shape: Shape): Type {
  const type = named(name, class {})
  for (const [property, field] of Object.entries(shape) as readonly (readonly [string, Field])[])
    ApiProperty({ ...schemaOfField(field), required: !mayLack(field) })(type.prototype, property)
  return type
}
