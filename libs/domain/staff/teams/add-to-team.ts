import { type At, type By, command, noCategories } from '#decider/command'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type Gives, needsCharge } from '../in-charge.js'
import { organisation } from '../staff.js'
import type { Registered } from './create-team.js'
import { TeamMemberAdded, type TeamPart } from './events.js'
import { type OfTeam, inTeam } from './in-team.js'

export type AddToTeam = OfTeam & { readonly part: TeamPart }

/** C37: the records of the people whom somebody supports are open from here on to whoever leads the team. */
export const addToTeam = command({
  name: 'AddToTeam',
  clauses: ['C37'],
  says: 'Take somebody into a team, as a worker or as one who leads it',
  aggregate: organisation,
  streamId: (_: AddToTeam) => 'main',
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: [...needsCharge, 'ROLE_NOT_REGISTERED'],
  decide: ({ part, ...who }: AddToTeam, { now, registered, ...by }: At & By & Gives & Registered) =>
    inTeam(who, part, by, team => {
      if (!registered) return refused('ROLE_NOT_REGISTERED')
      return accept(team.get(who.staffRef) === part ? [] : [TeamMemberAdded.of({ ...who, part, addedAt: now })])
    }),
})
