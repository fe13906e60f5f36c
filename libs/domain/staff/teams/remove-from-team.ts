import { type At, type By, command, noCategories } from '#decider/command'
import { accept } from '#kernel/result'
import { type Gives, needsCharge, shuttingOut } from '../in-charge.js'
import { organisation } from '../staff.js'
import { TeamMemberRemoved } from './events.js'
import { type OfTeam, inTeam } from './in-team.js'

/** C37: of whoever leads it as well: a team that nobody leads is read by nobody for that. */
export const removeFromTeam = command({
  name: 'RemoveFromTeam',
  clauses: ['C37'],
  says: 'Take somebody out of a team',
  aggregate: organisation,
  streamId: (_: OfTeam) => 'main',
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: shuttingOut,
  refusals: needsCharge,
  decide: (who: OfTeam, { now, ...by }: At & By & Gives) =>
    inTeam(who, undefined, by, team => accept(team.has(who.staffRef) ? [TeamMemberRemoved.of({ ...who, removedAt: now })] : [])),
})
