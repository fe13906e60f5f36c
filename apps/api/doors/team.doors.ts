import { Controller } from '@nestjs/common'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { addToTeam } from '#domain/staff/teams/add-to-team'
import { createTeam } from '#domain/staff/teams/create-team'
import { endTeam } from '#domain/staff/teams/end-team'
import type { TeamPart } from '#domain/staff/teams/events'
import { removeFromTeam } from '#domain/staff/teams/remove-from-team'
import { Reads } from '#nest/door'
import { doorOf } from '#nest/door-of'
import { TheRequest, type RequestFacts } from '#nest/request'
import { rolesThatMay } from '#policy/capabilities'
import { givenBy } from '#policy/giving-roles'
import { CommandAnswer } from '../answers.js'
import { TeamBody, TeamEndBody, TeamMemberBody, TeamRemovalBody } from '../bodies/access.js'
import { TeamPlace } from '../preparations/team-place.js'

const tag = 'staff'

export class TeamAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) teamId!: string
}
const ofTeam = { answers: TeamAnswer, answer: ({ teamId }: Pick<TeamAnswer, 'teamId'>) => ({ teamId }) }

export const createTeamDoor = doorOf(tag, createTeam, {
  path: 'teams',
  creates: true,
  body: TeamBody,
  input: (body, _ids, mint) => ({ ...body, teamId: mint('team') }),
  prepare: TeamPlace,
  ...ofTeam,
})
export const addToTeamDoor = doorOf(tag, addToTeam, { path: 'teams/:teamId/members', body: TeamMemberBody, prepare: TeamPlace, ...ofTeam })
export const removeFromTeamDoor = doorOf(tag, removeFromTeam, {
  path: 'teams/:teamId/members/removal',
  body: TeamRemovalBody,
  facts: givenBy,
  ...ofTeam,
})
export const endTeamDoor = doorOf(tag, endTeam, { path: 'teams/:teamId/end', body: TeamEndBody, facts: givenBy, ...ofTeam })

class TeamOnRecord {
  @ApiProperty({ format: 'uuid' }) teamId!: string
  @ApiProperty({ type: [String], description: 'The staffRefs of those who lead it.' }) leaders!: readonly string[]
  @ApiProperty({ type: [String], description: 'The staffRefs of those whose people they read.' }) workers!: readonly string[]
}

@ApiTags(tag)
@Controller('teams')
export class TeamsController {
  @Reads({
    path: '',
    summary: 'The teams, who leads them and who works in them; while there has never been one, the service is one team (C37)',
    roles: rolesThatMay('READ_STAFF', 'READ'),
    refusals: [],
    answers: [TeamOnRecord],
  })
  all(@TheRequest() { teams }: RequestFacts): readonly TeamOnRecord[] {
    return [...(teams ?? [])].map(([teamId, team]) => {
      const who = (wanted: TeamPart) => [...team].flatMap(([staffRef, part]) => (part === wanted ? [staffRef] : []))
      return { teamId, leaders: who('LEADER'), workers: who('WORKER') }
    })
  }
}
