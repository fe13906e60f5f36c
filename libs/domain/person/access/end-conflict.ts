import { type At, command, noCategories } from '#decider/command'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { person } from '../person.js'
import { ConflictEnded } from './events.js'

export type EndConflict = { readonly subjectRef: SubjectRef; readonly staffRef: StaffRef }

/** C38: there is none, or none any more. By DPO or Caldicott Guardian; by nobody for themselves, who have a conflict still. */
export const endConflict = command({
  name: 'EndConflict',
  clauses: ['C38'],
  says: 'Say that somebody who works here is not close to this person, or not any more',
  aggregate: person,
  streamId: ({ subjectRef }: EndConflict) => subjectRef,
  capability: 'END_CONFLICT',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND'],
  decide:
    ({ subjectRef, staffRef }: EndConflict, { now }: At) =>
    ({ access }) =>
      access.conflicted.has(staffRef) ? accept([ConflictEnded.of({ subjectRef, staffRef, endedAt: now })]) : refused('NOT_FOUND'),
})
