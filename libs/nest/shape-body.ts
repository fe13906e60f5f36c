import type { Type } from '@nestjs/common'
import { ValidateBy, type ValidationArguments } from 'class-validator'
import { type Field, InstantField, OptionalField, type Shape } from '#event-kit/field'
import { mayLack, schemaOfField } from '#event-kit/field-schema'
import { zodOfField } from '#event-kit/field-zod'
import { Instant, field } from './fields.js'
import { named } from './named.js'

const fits = (of: Field): PropertyDecorator => {
  const schema = zodOfField(of instanceof OptionalField ? (of.inner as Field) : of)
  return ValidateBy({
    name: 'shape',
    validator: { validate: value => schema.safeParse(value).success, defaultMessage: args => whyNot(schema, args) },
  })
}
function whyNot(schema: ReturnType<typeof zodOfField>, args?: ValidationArguments): string {
  const [issue] = schema.safeParse(args?.value).error?.issues ?? []
  return issue ? [...issue.path, issue.message].join(': ') : 'does not fit'
}

/** The class of a body that says what an event of this shape holds: what is checked and what the document says is the event's own. */
export function bodyOfShape<B extends object>(name: string, shape: Shape, optional: readonly string[]): Type<B> {
  const type = named(name, class {})
  for (const [property, one] of Object.entries(shape)) {
    const options = { optional: mayLack(one) || optional.includes(property) }
    const decorate = one instanceof InstantField ? Instant(options) : field(options, schemaOfField(one), fits(one))
    decorate(type.prototype, property)
  }
  return type as Type<B>
}
