import { command } from '#decider/command'
import { type Category, categories, isCriminal } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import type { SubjectRef } from '#kernel/id'
import { type Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { type Person, person } from '../person.js'
import { wasOffender } from '../standing/facts.js'
import { isMonitored } from './equality.js'
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

export const detailRefusals = [
  'ROLE_NOT_PERMITTED',
  'NOT_FOUND',
  'CATEGORY_NOT_PERMITTED_FOR_PURPOSE',
  'ARTICLE9_CONDITION_MISSING',
  'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS',
  'SCHEDULE1_CONDITION_MISSING',
  'NHS_NUMBER_INVALID',
] as const
type DetailRefusal = (typeof detailRefusals)[number]

/** What keeps details from being written down so; else the category that they are of. */
export function judgeDetails(
  category: string,
  facts: DetailsFacts,
  { intake, facts: standing }: Person,
): DetailRefusal | { readonly category: Category } {
  if (!facts.mayRecord) return 'ROLE_NOT_PERMITTED'
  if (!intake.referral) return 'NOT_FOUND'
  if (!isCategory(category)) return 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE'
  if (isMonitored(category)) return 'ARTICLE9_CONDITION_MISSING'
  if (isCriminal(category)) return wasOffender(standing) ? 'SCHEDULE1_CONDITION_MISSING' : 'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS'
  if (facts.unknownFields > 0) return 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE'
  return facts.nhsNumber === 'INVALID' ? 'NHS_NUMBER_INVALID' : { category }
}

/** What is written down: each field by its code. */
export const detailsOf = ({ category, items, ...said }: RecordDetails, known: Category) => ({
  ...said,
  category: known,
  fieldCodes: Object.keys(items).map(name => `${category}.${name}`),
  values: items,
})

/**
 * C07, C08, C09: what may be recorded, by category. What has a condition of its own, equality monitoring and offences, has a command of its
 * own that names it; sex and gender are not on the list of Article 9 and need none.
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
  refusals: detailRefusals,
  decide: (details: RecordDetails, facts: DetailsFacts) => person => {
    const judged = judgeDetails(details.category, facts, person)
    if (typeof judged === 'string') return refused(judged)
    const recorded = detailsOf(details, judged.category)
    return accept([judged.category === 'HLT' ? HealthDataRecorded.of(recorded) : PersonalDetailsRecorded.of(recorded)])
  },
})
