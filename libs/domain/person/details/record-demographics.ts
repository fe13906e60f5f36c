import { command } from '#decider/command'
import { type Category, demographics } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import type { SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { isMonitored } from './equality.js'
import { DemographicDeclined, DemographicsRecorded, type Provenance } from './events.js'

export type RecordDemographics = {
  readonly subjectRef: SubjectRef
  readonly category: string
  readonly provenance: Provenance
  readonly items: Readonly<Record<string, Personal<JsonValue>>>
  /** The names of what the person would rather not say. */
  readonly declined: readonly string[]
}
export type DemographicsFacts = {
  readonly unknownFields: number
  /** Whether the purpose of equality monitoring is registered for this category, assessed, and has its policy document. */
  readonly hasCondition: boolean
}

const isDemographic = (category: string): category is Category => demographics.includes(category as Category)
const isForMonitoring = ({ category }: RecordDemographics) => isDemographic(category) && isMonitored(category)

/**
 * C08: each item is optional, and that somebody would rather not say is written down as that. Race, religion and orientation are recorded
 * for equality monitoring (Schedule 1 ¶8) where the policies in force decide so, and only until the person wants none of it; sex life has
 * no condition there. Sex and gender are not on the list of Article 9.
 */
export const recordDemographics = command({
  name: 'RecordDemographics',
  clauses: ['C08'],
  says: 'Record who somebody says that they are, or that they would rather not say',
  aggregate: person,
  streamId: ({ subjectRef }: RecordDemographics) => subjectRef,
  capability: 'RECORD_DEMOGRAPHICS',
  purpose: asked => (isForMonitoring(asked) ? 'EQUALITY_MONITORING' : 'SERVICE_PROVISION'),
  basis: intakeBasis,
  categories: ({ category }) => (isDemographic(category) ? [category] : []),
  // Whether the policies have a condition for it is judged here, with the code that says so.
  exemptFrom: asked => (isForMonitoring(asked) ? ['W2', 'W3'] : []),
  refusals: ['NOT_FOUND', 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE', 'ARTICLE9_CONDITION_MISSING', 'EQUALITY_OPT_OUT'],
  decide:
    ({ items, declined, ...said }: RecordDemographics, { unknownFields, hasCondition }: DemographicsFacts) =>
    ({ intake, equality }) => {
      const { category, subjectRef } = said
      if (!intake.referral) return refused('NOT_FOUND')
      if (!isDemographic(category)) return refused('CATEGORY_NOT_PERMITTED_FOR_PURPOSE')
      const monitored = isMonitored(category)
      if (monitored && !hasCondition) return refused('ARTICLE9_CONDITION_MISSING')
      if (monitored && equality.optedOut) return refused('EQUALITY_OPT_OUT')
      if (unknownFields > 0) return refused('CATEGORY_NOT_PERMITTED_FOR_PURPOSE')
      const codes = (names: readonly string[]) => names.map(name => `${category}.${name}`)
      const basis = monitored ? { basis: { art6: 'f', art9: '9-2-g', sch1: 'para-8' } } : {}
      const given = DemographicsRecorded.of({ ...said, category, fieldCodes: codes(Object.keys(items)), values: items })
      const notSaid = DemographicDeclined.of({ subjectRef, category, fieldCodes: codes(declined) })
      return accept([given, notSaid].filter(({ data }) => data.fieldCodes.length > 0).map(event => ({ ...event, ...basis })))
    },
})
