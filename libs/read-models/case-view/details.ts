import { type Evolve, type Meta, andThen, within } from '#decider/decider'
import {
  type Equality,
  type EqualityEvent,
  evolveEquality,
  isLastSaidOfEquality,
  isMonitored,
  noEquality,
} from '#domain/person/details/equality'
import type { DetailsEvent, PersonalDetailsRecorded } from '#domain/person/details/events'
import type { DataOfEvent } from '#event-kit/event'
import { type Scope, categoryOf, scopeOfCategory } from '#event-kit/scope'
import type { Personal } from '#kernel/personal'
import { type Case, withFacts } from './facts.js'
import { hold, withoutFields } from './fields.js'

const prefixed = (category: string, values: Readonly<Record<string, Personal<unknown>>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${category}.${name}`, value]))
const scopeOf = (field: string): Scope => scopeOfCategory[categoryOf(field)]
const recorded = (was: Case, { category, values, provenance }: DataOfEvent<typeof PersonalDetailsRecorded>, meta: Meta) =>
  hold(was, prefixed(category, values), scopeOf, provenance, meta)

/** What the person said of equality monitoring: the domain’s own step. */
const onEquality = within<Case, Equality, EqualityEvent>(evolveEquality, {
  take: ({ facts }) => facts.equality ?? noEquality,
  put: (was, equality) => withFacts(was, { equality }),
})
const fieldsThat = ({ facts }: Case, test: (field: string, eventId: string) => boolean) =>
  Object.entries(facts.fields).flatMap(([field, { eventId }]) => (test(field, eventId) ? [field] : []))

export const details: Evolve<Case, DetailsEvent> = {
  PersonalDetailsRecorded: recorded,
  PersonalDetailsCorrected: recorded,
  HealthDataRecorded: recorded,
  OffenceDataRecorded: recorded,
  DemographicsRecorded: andThen(onEquality.DemographicsRecorded, recorded),
  DemographicDeclined: andThen(onEquality.DemographicDeclined, (was, { fieldCodes }) => withoutFields(was, fieldCodes)),
  EqualityOptOutReceived: (was, data, meta) =>
    isLastSaidOfEquality(was.facts.equality ?? noEquality, data.receivedAt)
      ? withoutFields(
          onEquality.EqualityOptOutReceived(was, data, meta),
          fieldsThat(was, field => isMonitored(categoryOf(field))),
        )
      : was,
  EqualityOptOutEnded: onEquality.EqualityOptOutEnded,
  RecordedInError: (was, { withdrawn }) =>
    withoutFields(
      was,
      fieldsThat(was, (_, eventId) => eventId === withdrawn),
    ),
}
