import { type At, command, noCategories } from '#decider/command'
import type { Id } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type Gives, shuttingOut } from '../in-charge.js'
import { organisation } from '../staff.js'
import { TeamEnded } from './events.js'

export type EndTeam = {
  readonly teamId: Id<'TeamId'>
  /** Now unless told. */
  readonly endedAt?: string | undefined
}

/** C37: nobody reads anything for this team any more. Whoever worked in it keeps the people whom they support. */
export const endTeam = command({
  name: 'EndTeam',
  clauses: ['C37'],
  says: 'End a team',
  aggregate: organisation,
  streamId: (_: EndTeam) => 'main',
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: shuttingOut,
  refusals: ['NOT_FOUND', 'ROLE_NOT_TO_GIVE'],
  decide:
    ({ teamId, endedAt }: EndTeam, { now, gives }: At & Gives) =>
    ({ teams }) => {
      if (!gives.includes('team-leader')) return refused('ROLE_NOT_TO_GIVE')
      return teams?.has(teamId) ? accept([TeamEnded.of({ teamId, endedAt: earlierOf(endedAt ?? now, now) })]) : refused('NOT_FOUND')
    },
})
