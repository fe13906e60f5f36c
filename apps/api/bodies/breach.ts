import { ValidateBy } from 'class-validator'
import { type Category, categories } from '#event-kit/scope'
import { type BreachKind, breachKinds } from '#kernel/breach-kinds'
import type { SubjectRef } from '#kernel/id'
import { Count, OneOf, PastInstant, Text, Uuid, parsedInstant } from '#nest/fields'

export class BreachBody {
  @OneOf(breachKinds) kind!: BreachKind
  @PastInstant({ description: 'When somebody first noticed it.' }) discoveredAt!: string
  @NotBeforeDiscovery()
  @PastInstant({
    optional: true,
    description: 'Reasonable certainty that personal data were compromised, not before discoveredAt: starts the 72 hours.',
  })
  awareAt?: string
  @Text(10_000, { description: 'What happened: sealed under the breach’s own key.' }) summary!: string
  @Uuid({
    optional: true,
    list: true,
    max: 10_000,
    description: 'People on record here, as far as they are known; of others, and of how many there may be, approxPeople.',
  })
  affected?: SubjectRef[]
  @Count({ optional: true }) approxPeople?: number
  @Count({ optional: true }) approxRecords?: number
  @OneOf(categories, { list: true, atLeastOne: true, description: 'The kinds of personal data, as far as they are known.' })
  categories!: Category[]
}

function NotBeforeDiscovery(): PropertyDecorator {
  const rule = 'must not lie before discoveredAt'
  return ValidateBy({
    name: 'notBeforeDiscovery',
    validator: {
      validate: (value, about) => {
        const [aware, discovered] = [parsedInstant(value), parsedInstant((about?.object as Partial<BreachBody>).discoveredAt)]
        return aware === undefined || discovered === undefined || aware >= discovered
      },
      defaultMessage: () => rule,
    },
  })
}

export class AwarenessBody {
  @PastInstant({ description: 'Reasonable certainty that personal data were compromised, not before it was discovered.' }) awareAt!: string
}
