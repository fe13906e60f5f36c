import { type At, type By, command, noCategories } from '#decider/command'
import type { Id, StaffRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type Gives, needsGiving, whyNotToGive } from '../in-charge.js'
import { organisation } from '../staff.js'
import { TeamCreated } from './events.js'

export type CreateTeam = { readonly teamId: Id<'TeamId'>; readonly leader: StaffRef }
/** Whether whoever is to be in it works here in the role that it takes. */
export type Registered = { readonly registered: boolean }

/** C37: by those who give the role of a team leader. From the first team on, a team leader reads the records of their own team only. */
export const createTeam = command({
  name: 'CreateTeam',
  clauses: ['C37'],
  says: 'Make a team, with whoever leads it',
  aggregate: organisation,
  streamId: (_: CreateTeam) => 'main',
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: [...needsGiving, 'ROLE_NOT_REGISTERED'],
  decide:
    ({ teamId, leader }: CreateTeam, { now, registered, ...by }: At & By & Gives & Registered) =>
    () => {
      const why = whyNotToGive(leader, ['team-leader'], by)
      if (why !== null) return refused(why)
      return registered ? accept([TeamCreated.of({ teamId, leader, createdAt: now })]) : refused('ROLE_NOT_REGISTERED')
    },
})
