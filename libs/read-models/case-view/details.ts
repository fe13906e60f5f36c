import type { Evolve } from '#decider/decider'
import type { DetailsEvent } from '#domain/person/details/events'
import { type Scope, categoryOf, scopeOfCategory } from '#event-kit/scope'
import type { Personal } from '#kernel/personal'
import type { Case } from './facts.js'
import { hold } from './fields.js'

const prefixed = (category: string, values: Readonly<Record<string, Personal<unknown>>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${category}.${name}`, value]))
const scopeOf = (field: string): Scope => scopeOfCategory[categoryOf(field)]

export const details: Evolve<Case, DetailsEvent> = {
  PersonalDetailsRecorded: (was, { category, values, provenance }, meta) =>
    hold(was, prefixed(category, values), scopeOf, provenance, meta),
  HealthDataRecorded: (was, { category, values, provenance }, meta) => hold(was, prefixed(category, values), scopeOf, provenance, meta),
}
