import { type At, type By, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { person } from '../person.js'
import { type BreakGlassOutcome, BreakGlassReviewed } from './events.js'

export type ReviewBreakGlass = {
  readonly subjectRef: SubjectRef
  readonly grantId: DataOfEvent<typeof BreakGlassReviewed>['grantId']
  readonly outcome: BreakGlassOutcome
  readonly reasons: Personal<string>
}

/** C37: never one's own, and once. What had not to be opened is closed by it at once. */
export const reviewBreakGlass = command({
  name: 'ReviewBreakGlass',
  clauses: ['C37', 'C38'],
  says: 'Say whether a record had to be opened in need; never of one’s own',
  aggregate: person,
  streamId: ({ subjectRef }: ReviewBreakGlass) => subjectRef,
  capability: 'REVIEW_BREAK_GLASS',
  may: 'APPROVE',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  // It is found out also of somebody who was erased meanwhile, and under whatever policies came since.
  exemptFrom: ['W2', 'W3', 'W6'],
  refusals: ['NOT_FOUND', 'SELF_APPROVAL_FORBIDDEN', 'ALREADY_DECIDED'],
  decide:
    (review: ReviewBreakGlass, { actor, now }: At & By) =>
    ({ access }) => {
      const used = access.broken.get(review.grantId)
      if (!used) return refused('NOT_FOUND')
      if (used.by === actor.id) return refused('SELF_APPROVAL_FORBIDDEN')
      if (used.outcome !== undefined) return refused('ALREADY_DECIDED')
      return accept([BreakGlassReviewed.of({ ...review, reviewedAt: now })])
    },
})
