import { type EventOf, defineEvent } from '#event-kit/event'
import { code, happenedAt, id, instant } from '#event-kit/field'

/** What somebody is in a team: whoever leads it reads the records of the people whom its workers support. */
export const teamParts = ['LEADER', 'WORKER'] as const
export type TeamPart = (typeof teamParts)[number]

const ofTeam = { teamId: id('TeamId') }
const ofMember = { ...ofTeam, staffRef: id('StaffRef') }
/** Of the organisation's stream, as the rest. C37: a team begins with whoever leads it. */
export const TeamCreated = defineEvent('TeamCreated', { ...ofTeam, leader: id('StaffRef'), createdAt: instant() })
export const TeamMemberAdded = defineEvent('TeamMemberAdded', { ...ofMember, part: code(...teamParts), addedAt: instant() })
export const TeamMemberRemoved = defineEvent('TeamMemberRemoved', { ...ofMember, removedAt: instant() })
export const TeamEnded = defineEvent('TeamEnded', { ...ofTeam, endedAt: happenedAt() })

export const teamEvents = [TeamCreated, TeamMemberAdded, TeamMemberRemoved, TeamEnded] as const
export type TeamEvent = EventOf<(typeof teamEvents)[number]>
