import { type At, type By, command, noCategories, writeRules } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { SubjectRef } from '#kernel/id'
import { hoursAfter } from '#kernel/instants'
import type { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { isErased } from '../keys/keys.js'
import { person } from '../person.js'
import { BreakGlassUsed } from './events.js'

export type UseBreakGlass = {
  readonly subjectRef: SubjectRef
  readonly grantId: DataOfEvent<typeof BreakGlassUsed>['grantId']
  readonly reason: Personal<string>
}
/** How long it stays open, in hours: a shift's half, no more. */
const hours = 4

/**
 * C37: a worker or a team leader opens a record that is not of their caseload or team, because it cannot wait for a grant. They see what
 * their role sees. DPO or Caldicott Guardian look at it afterwards. Nobody to whom the person is close.
 */
export const useBreakGlass = command({
  name: 'UseBreakGlass',
  clauses: ['C37', 'C47'],
  says: 'Open the record of somebody whom one does not support, because it cannot wait; for four hours, and reviewed afterwards',
  aggregate: person,
  streamId: ({ subjectRef }: UseBreakGlass) => subjectRef,
  capability: 'BREAK_GLASS',
  purpose: 'SAFEGUARDING',
  basis: { art6: 'd' },
  categories: noCategories,
  // It cannot wait: not for a training (C47), a policy or the end of a restriction, and it is there for whoever has no need by their role.
  exemptFrom: writeRules,
  refusals: ['NOT_FOUND', 'SUBJECT_ERASED', 'CONFLICT_OF_INTEREST'],
  decide:
    ({ subjectRef, grantId, reason }: UseBreakGlass, { actor, now }: At & By) =>
    ({ intake, keys, access }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      // There is nothing left to open.
      if (isErased(keys)) return refused('SUBJECT_ERASED')
      if (access.conflicted.has(actor.id)) return refused('CONFLICT_OF_INTEREST')
      return accept([BreakGlassUsed.of({ subjectRef, grantId, reason, usedAt: now, until: hoursAfter(now, hours) })])
    },
})
