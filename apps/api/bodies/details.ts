import { type Provenance, provenances } from '#domain/person/details/events'
import { categories } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import { AnyObject, OneOf, PolicyCode } from '#nest/fields'

export class DetailsBody {
  @PolicyCode({ known: categories }) category!: string
  @AnyObject({ description: 'Field name (without the category) → value, by the field schemas in force.' }) items!: Record<string, JsonValue>
  @OneOf(provenances) provenance!: Provenance
}
