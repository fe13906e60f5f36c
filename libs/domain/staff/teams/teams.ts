import type { Evolve } from '#decider/decider'
import type { StaffRef } from '#kernel/id'
import type { TeamEvent, TeamPart } from './events.js'

/** Who leads a team, and who works in it. */
export type Team = ReadonlyMap<StaffRef, TeamPart>
/** By the id of the team. Null, as long as there has never been one: then the whole service is one team. */
export type Teams = ReadonlyMap<string, Team> | null

const withTeam = (teams: Teams, teamId: string, team: Team) => new Map(teams).set(teamId, team)
const without = <K, V>(map: ReadonlyMap<K, V> | null | undefined, key: K) => {
  const rest = new Map<K, V>(map)
  rest.delete(key)
  return rest
}

export const evolveTeams: Evolve<Teams, TeamEvent> = {
  TeamCreated: (teams, { teamId, leader }) => withTeam(teams, teamId, new Map([[leader, 'LEADER']])),
  TeamMemberAdded: (teams, { teamId, staffRef, part }) => withTeam(teams, teamId, new Map(teams?.get(teamId)).set(staffRef, part)),
  TeamMemberRemoved: (teams, { teamId, staffRef }) => withTeam(teams, teamId, without(teams?.get(teamId), staffRef)),
  TeamEnded: (teams, { teamId }) => without(teams, teamId),
}

/**
 * C37: whether somebody leads a team in which the other works. A service that has never made a team is one team, of which every team
 * leader is one: so it begins, and so it was before there were teams. Whom nobody supports is in no team but that.
 */
export const isLedBy = (teams: Teams, leader: StaffRef, worker: StaffRef | undefined): boolean => {
  const led = ledBy(teams, leader)
  return led === 'EVERYBODY' || (worker !== undefined && led.has(worker))
}
/** Who works in a team that they lead. */
export const ledBy = (teams: Teams, leader: StaffRef): ReadonlySet<StaffRef> | 'EVERYBODY' =>
  teams === null
    ? 'EVERYBODY'
    : new Set([...teams.values()].filter(team => team.get(leader) === 'LEADER').flatMap(team => [...team.keys()]))
