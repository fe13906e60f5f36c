import type { By } from '#decider/command'
import type { StaffRole } from '#kernel/actor'
import type { Id, StaffRef } from '#kernel/id'
import { type Refusal, refused } from '#kernel/refusals'
import type { Result } from '#kernel/result'
import type { OrganisationEvent } from '../events.js'
import { type Gives, type needsCharge, whyNotToGive } from '../in-charge.js'
import type { Organisation } from '../staff.js'
import type { TeamPart } from './events.js'
import type { Team } from './teams.js'

export type OfTeam = { readonly teamId: Id<'TeamId'>; readonly staffRef: StaffRef }
/** In which role somebody is a team's leader, or one of its workers. */
export const roleOfPart = { LEADER: 'team-leader', WORKER: 'ips-worker' } as const satisfies { readonly [P in TeamPart]: StaffRole }

/** C37: about somebody else's place in a team, by whoever gives that role: a team leader in a team that they lead. */
export const inTeam =
  <C extends 'ROLE_NOT_REGISTERED' = never>(
    { teamId, staffRef }: OfTeam,
    wanted: TeamPart | undefined,
    by: By & Gives,
    decide: (team: Team) => Result<readonly OrganisationEvent[], Refusal<C>>,
  ) =>
  ({ teams }: Organisation): Result<readonly OrganisationEvent[], Refusal<C | (typeof needsCharge)[number]>> => {
    const team = teams?.get(teamId)
    if (!team) return refused('NOT_FOUND')
    const parts = [wanted, team.get(staffRef)].filter(part => part !== undefined)
    const why = whyNotToGive(
      staffRef,
      parts.map(part => roleOfPart[part]),
      by,
    )
    if (why !== null) return refused(why)
    const isTheirs = by.actor.role !== 'team-leader' || team.get(by.actor.id) === 'LEADER'
    return isTheirs ? decide(team) : refused('ROLE_NOT_TO_GIVE')
  }
