import type { Decision } from '#decider/decider'
import { type Category, categories } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import type { SubjectRef } from '#kernel/id'
import { type Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { type Refusal, refused } from '#kernel/refusals'
import { isErased } from '../keys/keys.js'
import type { Person } from '../person.js'
import { type DetailsEvent, HealthDataRecorded, PersonalDetailsRecorded, type Provenance } from './events.js'

export type RecordDetails = {
  readonly subjectRef: SubjectRef
  readonly category: string
  readonly provenance: Provenance
  readonly items: Readonly<Record<string, Personal<JsonValue>>>
}
/** What the field schemas in force say about the items: judged at the door, where the values are still open, and passed on as codes. */
export type DetailsFacts = { readonly unknownFields: number; readonly nhsNumber: 'VALID' | 'INVALID' | 'NOT_GIVEN' }

export const recordDetailsRefusals = [
  'SUBJECT_ERASED',
  'NOT_FOUND',
  'CATEGORY_NOT_PERMITTED_FOR_PURPOSE',
  'ARTICLE9_CONDITION_MISSING',
  'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS',
  'NHS_NUMBER_INVALID',
] as const
type Why = (typeof recordDetailsRefusals)[number]

const isCategory = (category: string): category is Category => categories.includes(category as Category)

/**
 * C07, C08, C09: what may be recorded, by category. Demographic categories wait for a decision on their Article 9 condition (defect X4).
 */
export const recordDetails =
  ({ category, items, ...told }: RecordDetails, facts: DetailsFacts): Decision<Person, DetailsEvent, Refusal<Why>> =>
  ({ intake, keys }) => {
    if (isErased(keys)) return refused('SUBJECT_ERASED')
    if (!intake.referral) return refused('NOT_FOUND')
    if (!isCategory(category)) return refused('CATEGORY_NOT_PERMITTED_FOR_PURPOSE')
    if (category.startsWith('DEM-')) return refused('ARTICLE9_CONDITION_MISSING')
    if (category === 'CRM' || category === 'CJ') return refused('CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS')
    if (facts.unknownFields > 0) return refused('CATEGORY_NOT_PERMITTED_FOR_PURPOSE')
    if (facts.nhsNumber === 'INVALID') return refused('NHS_NUMBER_INVALID')
    const recorded = { ...told, category, fieldCodes: Object.keys(items).map(name => `${category}.${name}`), values: items }
    return accept([category === 'HLT' ? HealthDataRecorded.of(recorded) : PersonalDetailsRecorded.of(recorded)])
  }
