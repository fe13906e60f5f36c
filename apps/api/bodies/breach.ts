import { type BreachKind, breachKinds } from '#domain/breach/events'
import { type Category, categories } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import { Count, OneOf, PastInstant, Text, Uuid } from '#nest/fields'

export class BreachBody {
  @OneOf(breachKinds) kind!: BreachKind
  @PastInstant() discoveredAt!: string
  @PastInstant({ optional: true, description: 'Reasonable certainty that personal data were compromised: starts the 72 hours.' })
  awareAt?: string
  @Text(10_000, { description: 'What happened: sealed under the breach’s own key.' }) summary!: string
  @Uuid({ optional: true, list: true, max: 10_000 }) affected?: SubjectRef[]
  @Count({ optional: true }) approxPeople?: number
  @Count({ optional: true }) approxRecords?: number
  @OneOf(categories, { list: true }) categories!: Category[]
}
