import { type At, command } from '#decider/command'
import { type Category, categories, isCriminal } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import type { SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { person } from '../person.js'
import { type StandingFacts, hasOffenderStatus, hasRiskBasis, isHighRiskOfReoffending } from '../standing/facts.js'
import { type OffenceCondition, OffenceDataRecorded, type Provenance, offenceConditions } from './events.js'

/** Whose offence it was: only the person’s own is recorded here. */
export const offenceSubjects = ['THE_PERSON', 'SOMEBODY_ELSE'] as const
export type RecordOffenceData = {
  readonly subjectRef: SubjectRef
  readonly category: string
  readonly provenance: Provenance
  readonly items: Readonly<Record<string, Personal<JsonValue>>>
  readonly about: (typeof offenceSubjects)[number]
  readonly condition?: string | undefined
}
export type OffenceFacts = At & {
  readonly unknownFields: number
  /** Whether a policy document is in force for managing risks under this condition. */
  readonly hasPolicyDocument: boolean
}

const isOffence = (category: string): category is Category => categories.includes(category as Category) && isCriminal(category as Category)
const isCondition = (condition: string | undefined): condition is OffenceCondition =>
  offenceConditions.includes(condition as OffenceCondition)

/** ¶10 is for whoever is likely to offend again, ¶18 for whoever is at risk, or somebody beside them. */
const isMet: { readonly [O in OffenceCondition]: (facts: StandingFacts, at: string) => boolean } = {
  'para-2': () => true,
  'para-10': isHighRiskOfReoffending,
  'para-18': hasRiskBasis,
}

/**
 * C09, C19 to C21: of offenders, ex-offenders and those who are alleged to be one, on a condition of Schedule 1 that is named; ¶10 and ¶18
 * need their policy document, and what they are for. What a victim or a relative did is not recorded here at all.
 */
export const recordOffenceData = command({
  name: 'RecordOffenceData',
  clauses: ['C09', 'C19', 'C20', 'C21'],
  says: 'Record the person’s own offences, on a condition of Schedule 1',
  aggregate: person,
  streamId: ({ subjectRef }: RecordOffenceData) => subjectRef,
  capability: 'RECORD_RISK',
  purpose: 'RISK_MANAGEMENT',
  basis: { art6: 'f', sch1: 'para-2' },
  categories: ({ category }) => (isOffence(category) ? [category] : []),
  exemptFrom: [],
  refusals: [
    'NOT_FOUND',
    'CATEGORY_NOT_PERMITTED_FOR_PURPOSE',
    'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS',
    'SCHEDULE1_CONDITION_MISSING',
    'APPROPRIATE_POLICY_DOCUMENT_MISSING',
    'CONDITION_NOT_MET',
  ],
  decide:
    ({ category, items, about, condition, ...said }: RecordOffenceData, { unknownFields, hasPolicyDocument, now }: OffenceFacts) =>
    ({ intake, facts }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      if (!isOffence(category) || about !== 'THE_PERSON') return refused('CATEGORY_NOT_PERMITTED_FOR_PURPOSE')
      if (!hasOffenderStatus(facts, now)) return refused('CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS')
      if (!isCondition(condition)) return refused('SCHEDULE1_CONDITION_MISSING')
      if (condition !== 'para-2' && !hasPolicyDocument) return refused('APPROPRIATE_POLICY_DOCUMENT_MISSING')
      if (!isMet[condition](facts, now)) return refused('CONDITION_NOT_MET')
      if (unknownFields > 0) return refused('CATEGORY_NOT_PERMITTED_FOR_PURPOSE')
      const fieldCodes = Object.keys(items).map(name => `${category}.${name}`)
      const recorded = OffenceDataRecorded.of({ ...said, category, fieldCodes, values: items, condition })
      return accept([{ ...recorded, basis: { art6: 'f', sch1: condition } }])
    },
})
