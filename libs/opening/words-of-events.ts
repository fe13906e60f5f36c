import { catalogue } from '#event-codec/catalogue'
import type { DecodedEvent } from '#event-codec/codec'
import { envelopeOf } from '#event-codec/sealed'
import { OptionalField, PersonalField, type Shape } from '#event-kit/field'
import { Personal } from '#kernel/personal'
import type { Words } from './opening.js'

/** Somebody's words in an event, sealed as they lie there, by the names of their fields. */
export function wordsIn({ type, data }: DecodedEvent): Readonly<Record<string, Words>> {
  const said = data as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(catalogue.current(type).shape as Shape).flatMap(([name, field]) => {
      const of: unknown = field instanceof OptionalField ? field.inner : field
      const value = said[name]
      if (!(of instanceof PersonalField) || !(value instanceof Personal)) return []
      return [[name, { sealed: envelopeOf(value), scope: of.scope, declared: [`${type}|${name}`] }] as const]
    }),
  )
}
