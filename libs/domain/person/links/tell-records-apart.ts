import { type At, command, noCategories } from '#decider/command'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import type { SubjectRef } from '#kernel/id'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { RecordsToldApart } from './events.js'

export type TellRecordsApart = { readonly subjectRef: SubjectRef; readonly other: SubjectRef }

/** C10: two records are of two people, although they look like one, or were taken for one. What followed from a link ends. */
export const tellRecordsApart = command({
  name: 'TellRecordsApart',
  clauses: ['C10'],
  says: 'Say that two records are of two people, also where they were taken for one',
  aggregate: person,
  streamId: ({ subjectRef }: TellRecordsApart) => subjectRef,
  capability: 'COMPARE_RECORDS',
  purpose: 'REFERRAL_INTAKE',
  basis: intakeBasis,
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'OTHER_RECORD_NOT_FOUND'],
  decide:
    ({ subjectRef, other }: TellRecordsApart, { now }: At) =>
    ({ intake, links }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      if (!links.compared[other] && !links.possible[other]) return refused('OTHER_RECORD_NOT_FOUND')
      return accept(links.compared[other]?.are === 'TWO' ? [] : [RecordsToldApart.of({ subjectRef, other, decidedAt: now })])
    },
})
