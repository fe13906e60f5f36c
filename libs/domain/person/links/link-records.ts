import { type At, command, noCategories } from '#decider/command'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import type { SubjectRef } from '#kernel/id'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { RecordsLinked } from './events.js'

export type LinkRecords = { readonly subjectRef: SubjectRef; readonly samePersonAs: SubjectRef }
/** Whether the other record is one that whoever commands may open, too: nobody opens a record to themselves by calling it another’s. */
export type OtherSeen = 'OPEN' | 'NONE' | 'CLOSED' | 'CONFLICTED'

/** Why a record cannot be linked with another one; undefined: it can. */
export function whyNotLinked(other: OtherSeen) {
  if (other === 'NONE') return refused('OTHER_RECORD_NOT_FOUND')
  if (other === 'CLOSED') return refused('NO_NEED_TO_KNOW')
  return other === 'CONFLICTED' ? refused('CONFLICT_OF_INTEREST') : undefined
}
export const linkRefusals = ['OTHER_RECORD_NOT_FOUND', 'NO_NEED_TO_KNOW', 'CONFLICT_OF_INTEREST'] as const

/**
 * C10: two records are of one person, as somebody says who has compared them. From here on whoever may open one may open the other, a
 * request for erasure is one about both, and what is held is kept until the years after the last use of the service are over.
 */
export const linkRecords = command({
  name: 'LinkRecords',
  clauses: ['C10'],
  says: 'Say that two records are of one person',
  aggregate: person,
  streamId: ({ subjectRef }: LinkRecords) => subjectRef,
  capability: 'COMPARE_RECORDS',
  purpose: 'REFERRAL_INTAKE',
  basis: intakeBasis,
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', ...linkRefusals],
  decide:
    ({ subjectRef, samePersonAs: other }: LinkRecords, { now, otherSeen }: At & { readonly otherSeen: OtherSeen }) =>
    ({ intake, links }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      const not = whyNotLinked(other === subjectRef ? 'NONE' : otherSeen)
      if (not) return not
      return accept(links.compared[other]?.are === 'ONE' ? [] : [RecordsLinked.of({ subjectRef, other, decidedAt: now })])
    },
})
