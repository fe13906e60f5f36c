import type { Meta } from '#decider/decider'
import { type Scope, categoryOf } from '#event-kit/scope'
import type { Personal } from '#kernel/personal'
import { envelopeOf } from '#event-codec/sealed'
import type { Case } from './facts.js'

/** The case without some of its fields. */
export function withoutFields(was: Case, fields: readonly string[]): Case {
  const kept = <T>(of: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(of).filter(([field]) => !fields.includes(field)))
  return { facts: { ...was.facts, fields: kept(was.facts.fields) }, values: kept(was.values) }
}

/** The fields that were given, with where they came from; their values as envelopes. */
export function hold(
  was: Case,
  values: Readonly<Record<string, Personal<unknown> | undefined>>,
  scope: Scope | ((field: string) => Scope),
  provenance: string,
  { eventId, recordedAt }: Meta,
): Case {
  const given = Object.entries(values).flatMap(([field, value]) => (value ? [[field, value] as const] : []))
  const fields = Object.fromEntries(
    given.map(([field]) => [
      field,
      {
        category: categoryOf(field),
        scope: typeof scope === 'string' ? scope : scope(field),
        recordedAt,
        provenance,
        eventId,
        erased: false,
      },
    ]),
  )
  return {
    facts: { ...was.facts, fields: { ...was.facts.fields, ...fields } },
    values: { ...was.values, ...Object.fromEntries(given.map(([field, value]) => [field, envelopeOf(value)])) },
  }
}
