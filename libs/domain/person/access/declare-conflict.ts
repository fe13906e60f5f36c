import { type At, command, noCategories, writeRules } from '#decider/command'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { person } from '../person.js'
import { ConflictDeclared } from './events.js'

export type DeclareConflict = {
  readonly subjectRef: SubjectRef
  readonly staffRef: StaffRef
  /** Now unless told. */
  readonly declaredAt?: string | undefined
}

/**
 * C38: by anybody, of themselves or of a colleague. The record is closed to them from here on, and they decide nothing about the person.
 * What they hand in that is never refused is taken from them all the same.
 */
export const declareConflict = command({
  name: 'DeclareConflict',
  clauses: ['C38'],
  says: 'Say that somebody who works here is this person, or is close to them: the record is closed to them',
  aggregate: person,
  streamId: ({ subjectRef }: DeclareConflict) => subjectRef,
  capability: 'DECLARE_CONFLICT',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  // To shut somebody out never waits for a training, a policy or the end of a restriction; and whoever it is about says so themselves.
  exemptFrom: writeRules,
  refusals: ['NOT_FOUND'],
  decide:
    ({ subjectRef, staffRef, declaredAt }: DeclareConflict, { now }: At) =>
    ({ intake, access }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      if (access.conflicted.has(staffRef)) return accept([])
      return accept([ConflictDeclared.of({ subjectRef, staffRef, declaredAt: earlierOf(declaredAt ?? now, now) })])
    },
})
