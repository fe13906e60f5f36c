import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type Gives, needsGiving, whyNotToGive } from '../in-charge.js'
import { isActiveAs, staff } from '../staff.js'
import { AccessGranted } from './events.js'
import type { Grant } from './grants.js'

export type GrantAccess = Omit<Grant, 'grantedAt'> & { readonly staffRef: StaffRef }
/** Whether there is such a person, whether their record is open to whoever gives, and whether whoever gets has an interest in them. */
export type GrantFacts = { readonly exists: boolean; readonly isWithinReach: boolean; readonly inConflict: boolean }

/**
 * C37: by whoever gives that role, of a record that is open to themselves: a team leader for the people of their team, DPO and Caldicott
 * Guardian for anybody. Nobody gives one to themselves.
 */
export const grantAccess = command({
  name: 'GrantAccess',
  clauses: ['C37', 'C38'],
  says: 'Open the record of one person to a member of staff who does not support them, until then',
  aggregate: staff,
  streamId: ({ staffRef }: GrantAccess) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: [
    ...needsGiving,
    ...(['NOT_FOUND', 'NO_NEED_TO_KNOW', 'ROLE_NOT_REGISTERED', 'CONFLICT_OF_INTEREST', 'DAYS_OUT_OF_ORDER'] as const),
  ],
  decide:
    ({ staffRef, role, until, ...grant }: GrantAccess, { now, exists, isWithinReach, inConflict, ...by }: At & By & Gives & GrantFacts) =>
    member => {
      const why = whyNotToGive(staffRef, [role], by)
      if (why !== null) return refused(why)
      if (!exists) return refused('NOT_FOUND')
      if (!isWithinReach) return refused('NO_NEED_TO_KNOW')
      if (!isActiveAs(role, member)) return refused('ROLE_NOT_REGISTERED')
      if (inConflict) return refused('CONFLICT_OF_INTEREST')
      if (until <= now) return refused('DAYS_OUT_OF_ORDER')
      return accept([AccessGranted.of({ staffRef, role, until, ...grant, grantedAt: now })])
    },
})
