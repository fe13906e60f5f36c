import type { Decision } from '#decider/decider'
import { KeyRetired, type RetirementCause } from '#event-kit/key-events'
import { type Scope, categoryOf, demographics, isCriminal } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import type { KeyId, SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { type Refusal, refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { DemographicsRecorded, HealthDataRecorded, OffenceDataRecorded, PersonalDetailsRecorded } from '../details/events.js'
import type { HeldField, HeldFields } from '../details/record.js'
import type { Person, PersonEvent } from '../person.js'

export type ReplaceKey = {
  readonly subjectRef: SubjectRef
  readonly kid: KeyId
  readonly scope: Scope
  readonly cause: RetirementCause
  /** A field that is not to be kept. */
  readonly without?: string | undefined
}
/** A value that stays, opened, and the event that it was opened from. */
export type Kept = { readonly eventId: string; readonly value: Personal<JsonValue> }

/** The fields that a key seals. */
export const fieldsUnder = (held: HeldFields, kid: string): readonly (readonly [string, HeldField])[] =>
  [...held].filter(([, { value }]) => Personal.keyOf(value) === kid)

/**
 * Seals again what stays of a scope, under the next generation, and retires the key, in one append. Nothing to do for a key that was
 * retired or erased before. Refused when a value was changed since it was opened: open again.
 */
export const replaceKey =
  (
    { subjectRef, kid, scope, cause, without }: ReplaceKey,
    kept: ReadonlyMap<string, Kept>,
    retiredAt: string,
  ): Decision<Person, PersonEvent, Refusal<'VERSION_CONFLICT'>> =>
  ({ held, keys }) => {
    if (!keys.live.has(kid)) return accept([])
    const staying = fieldsUnder(held, kid).filter(([field]) => field !== without)
    if (staying.some(([field, { eventId }]) => kept.get(field)?.eventId !== eventId)) return refused('VERSION_CONFLICT')
    const groups = new Map<string, readonly (readonly [string, HeldField])[]>()
    for (const one of staying) {
      const group = `${categoryOf(one[0])}|${one[1].provenance}|${one[1].condition ?? ''}`
      groups.set(group, [...(groups.get(group) ?? []), one])
    }
    const again = [...groups.values()].map(fields => recordedAgain(subjectRef, fields, kept))
    return accept([...again, KeyRetired.of({ subjectRef, kid, scope, cause, retiredAt })])
  }

function recordedAgain(subjectRef: SubjectRef, fields: readonly (readonly [string, HeldField])[], kept: ReadonlyMap<string, Kept>) {
  const [first] = fields
  if (!first) throw new TypeError('a group has a field')
  const [category, { provenance, condition }] = [categoryOf(first[0]), first[1]]
  const values = Object.fromEntries(fields.map(([field]) => [field.slice(field.indexOf('.') + 1), (kept.get(field) as Kept).value]))
  const recorded = { subjectRef, category, provenance, fieldCodes: fields.map(([field]) => field), values }
  if (category === 'HLT') return HealthDataRecorded.of(recorded)
  if (demographics.includes(category)) return DemographicsRecorded.of(recorded)
  // What an older release recorded of offences has no condition.
  return isCriminal(category) && condition ? OffenceDataRecorded.of({ ...recorded, condition }) : PersonalDetailsRecorded.of(recorded)
}
