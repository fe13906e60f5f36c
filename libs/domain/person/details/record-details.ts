import { command } from '#decider/command'
import { type Category, categories, isSpecial } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import type { SubjectRef } from '#kernel/id'
import { type Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { person } from '../person.js'
import { HealthDataRecorded, PersonalDetailsRecorded, type Provenance } from './events.js'

export type RecordDetails = {
  readonly subjectRef: SubjectRef
  readonly category: string
  readonly provenance: Provenance
  readonly items: Readonly<Record<string, Personal<JsonValue>>>
}
/** What the field schemas in force say about the items: judged at the door, where the values are still open, and passed on as codes. */
export type DetailsFacts = {
  /** By the row of the category: not everybody who records something records everything. */
  readonly mayRecord: boolean
  readonly unknownFields: number
  readonly nhsNumber: 'VALID' | 'INVALID' | 'NOT_GIVEN'
}

const isCategory = (category: string): category is Category => categories.includes(category as Category)

/**
 * C07, C08, C09: what may be recorded, by category. Demographic categories wait for a decision on their Article 9 condition (defect X4);
 * sex and gender are not on that Article’s list and need none.
 */
export const recordDetails = command({
  name: 'RecordDetails',
  clauses: ['C07', 'C08', 'C09'],
  says: 'Record what is known of a person, by category',
  aggregate: person,
  streamId: ({ subjectRef }: RecordDetails) => subjectRef,
  capability: ['RECORD_BASICS', 'RECORD_HEALTH', 'RECORD_DEMOGRAPHICS', 'RECORD_RISK'],
  // C04: what is written down to protect somebody is kept for that.
  purpose: ({ category }) => (category === 'SG' ? 'SAFEGUARDING' : 'SERVICE_PROVISION'),
  basis: { art6: 'f', art9: '9-2-h', sch1: 'para-2' },
  categories: ({ category }) => (isCategory(category) ? [category] : []),
  // What protects somebody is written down whatever the paperwork.
  exemptFrom: ({ category }) => (category === 'SG' ? ['W3', 'W7'] : []),
  refusals: [
    'ROLE_NOT_PERMITTED',
    'NOT_FOUND',
    'CATEGORY_NOT_PERMITTED_FOR_PURPOSE',
    'ARTICLE9_CONDITION_MISSING',
    'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS',
    'NHS_NUMBER_INVALID',
  ],
  decide:
    ({ category, items, ...said }: RecordDetails, facts: DetailsFacts) =>
    ({ intake }) => {
      if (!facts.mayRecord) return refused('ROLE_NOT_PERMITTED')
      if (!intake.referral) return refused('NOT_FOUND')
      if (!isCategory(category)) return refused('CATEGORY_NOT_PERMITTED_FOR_PURPOSE')
      if (category.startsWith('DEM-') && isSpecial(category)) return refused('ARTICLE9_CONDITION_MISSING')
      if (category === 'CRM' || category === 'CJ') return refused('CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS')
      if (facts.unknownFields > 0) return refused('CATEGORY_NOT_PERMITTED_FOR_PURPOSE')
      if (facts.nhsNumber === 'INVALID') return refused('NHS_NUMBER_INVALID')
      const recorded = { ...said, category, fieldCodes: Object.keys(items).map(name => `${category}.${name}`), values: items }
      return accept([category === 'HLT' ? HealthDataRecorded.of(recorded) : PersonalDetailsRecorded.of(recorded)])
    },
})
