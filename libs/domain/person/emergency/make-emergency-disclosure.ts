import type { HolidayCalendar } from '#calendar/statutory-periods'
import { workingDayAfter } from '#calendar/working-days-after'
import { type At, command, writeRules } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { type Category, categories, categoryOf, isCriminal, isSpecial } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { DisclosureMethod } from '../disclosure/events.js'
import type { SharingPolicy } from '../disclosure/matrix-row.js'
import type { SharingRefusal } from '../disclosure/sharing-refusals.js'
import { isErased } from '../keys/keys.js'
import { type Person, person } from '../person.js'
import { type AbilityToConsent, EmergencyDisclosureMade, type EmergencyRecipient } from './events.js'

export type MakeEmergencyDisclosure = {
  readonly disclosureId: DataOfEvent<typeof EmergencyDisclosureMade>['disclosureId']
  readonly subjectRef: SubjectRef
  readonly madeAt?: string | undefined
  readonly recipient: EmergencyRecipient
  readonly recipientContact?: Personal<string> | undefined
  readonly method: DisclosureMethod
  readonly categories: readonly Category[]
  readonly fields: readonly string[]
  readonly told?: Personal<string> | undefined
  readonly necessity: Personal<string>
  readonly abilityToConsent: AbilityToConsent
}
export type EmergencyFacts = At & {
  readonly policy: Pick<SharingPolicy, 'matrixVersion' | 'rows'>
  readonly schemas: ReadonlyMap<string, unknown>
  readonly calendar: HolidayCalendar
}
/** The row of the matrix by which the review looks at it, and the purpose of each. */
export const emergencyRow = 'EMERG'
export const emergencyPurpose = 'LIFE_SAVING'
/** In working days: until when it is reviewed. */
const reviewWithin = 1

/**
 * C26: somebody's life, or serious harm, is at stake. It is put on record whatever the rules say of it, and while it is said or afterwards:
 * no matrix, paper, training, restriction, consent or approver stands before it. The Caldicott Guardian looks at it afterwards.
 */
export const makeEmergencyDisclosure = command({
  name: 'MakeEmergencyDisclosure',
  clauses: ['C26'],
  says: 'Record what is told, or was, because somebody’s life or serious harm is at stake; never blocked, reviewed afterwards',
  aggregate: person,
  streamId: ({ subjectRef }: MakeEmergencyDisclosure) => subjectRef,
  capability: 'EMERGENCY_DISCLOSURE',
  purpose: emergencyPurpose,
  basis: { art6: 'd', art9: '9-2-c' },
  categories: asked => categoriesOf(asked),
  // It has been said: a rule that refused it would only keep it from being on record.
  exemptFrom: writeRules,
  refusals: ['NOT_FOUND', 'SUBJECT_ERASED'],
  decide: (asked: MakeEmergencyDisclosure, facts: EmergencyFacts) => person => {
    if (!person.intake.referral) return refused('NOT_FOUND')
    // Nothing can be kept of them: not the reason, either.
    if (isErased(person.keys)) return refused('SUBJECT_ERASED')
    if (person.emergencies.has(asked.disclosureId)) return accept([])
    const { disclosureId, subjectRef, recipient, recipientContact, method, told, necessity, abilityToConsent } = asked
    const { now, policy, schemas, calendar } = facts
    const unnamed = asked.fields.filter(field => !schemas.has(field))
    const shown = categoriesOf(asked)
    const basis = {
      art6: 'd' as const,
      ...(shown.some(isSpecial) ? { art9: '9-2-c' } : {}),
      ...(shown.some(isCriminal) ? { sch1: 'para-30' } : {}),
    }
    return accept([
      {
        ...EmergencyDisclosureMade.of({
          disclosureId,
          subjectRef,
          recipient,
          recipientContact,
          method,
          told,
          necessity,
          abilityToConsent,
          basis,
          madeAt: earlierOf(asked.madeAt ?? now, now),
          categories: shown,
          fields: asked.fields.filter(field => schemas.has(field)),
          otherFields: unnamed.length > 0 ? Personal.of(unnamed.join(', ')) : undefined,
          notification: 'INFORM_AFTER',
          matrixVersion: policy.matrixVersion,
          reviewItems: aheadOf(person, asked, policy),
          reviewDue: workingDayAfter(now, reviewWithin, calendar),
          calendarVersion: calendar.version,
        }),
        purpose: emergencyPurpose,
        basis,
      },
    ])
  },
})

/** What was said, and the fields' own. */
const categoriesOf = ({ categories: said, fields }: MakeEmergencyDisclosure): readonly Category[] =>
  categories.filter(one => said.includes(one) || fields.some(field => categoryOf(field) === one))

/** What the matrix would have said of it. */
function aheadOf({ held }: Person, asked: MakeEmergencyDisclosure, { rows }: Pick<SharingPolicy, 'rows'>): readonly SharingRefusal[] {
  const row = rows.get(emergencyRow)
  const within =
    row && categoriesOf(asked).every(one => row.categories.includes(one)) && asked.fields.every(one => row.fields.includes(one))
  return [
    ...(row ? [] : ['RECIPIENT_NOT_IN_MATRIX' as const]),
    ...(within === false ? ['MINIMUM_NECESSARY_EXCEEDED' as const] : []),
    ...(asked.fields.some(field => !held.has(field)) ? ['FIELD_NOT_HELD' as const] : []),
  ]
}
