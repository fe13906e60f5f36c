import type { AccessGround } from '#domain/access/events'
import { brokenBy } from '#domain/person/access/access'
import type { Person } from '#domain/person/person'
import { isUnsupported } from '#domain/person/episode/episode'
import { type Grants, grantFor } from '#domain/staff/grants/grants'
import { type Teams, isLedBy } from '#domain/staff/teams/teams'
import type { StaffRole } from '#kernel/actor'
import type { Id, StaffRef } from '#kernel/id'
import { type Refusal, refused } from '#kernel/refusals'
import { type Result, accept } from '#kernel/result'
import type { Reach } from '#policy/reach'

/** A member of staff, in the role in which they come, and what the organisation has given them: as of now. */
export type Comer = { readonly actor: { readonly id: StaffRef; readonly role: StaffRole }; readonly grants: Grants; readonly teams: Teams }
/** What lets somebody at a record: their role, their caseload, their team, a grant, a seal that they broke. */
export type Way = { readonly ground: AccessGround; readonly grantId?: Id<'GrantId'> | undefined; readonly sealBroken?: true }
export type NoWay = Refusal<'NO_NEED_TO_KNOW' | 'CONFLICT_OF_INTEREST'>

/**
 * C37, C38: whether a person's record is open to somebody whose role reaches so far. To nobody who is that person, or close to them,
 * whatever else they have. A person whom nobody supports is there for whoever could, until they stop using the service.
 */
export function wayIn(
  { episode, access }: Pick<Person, 'episode' | 'access'>,
  subjectRef: string,
  { actor, grants, teams }: Comer,
  reach: Reach,
  now: string,
): Result<Way, NoWay> {
  if (access.conflicted.has(actor.id)) return refused('CONFLICT_OF_INTEREST')
  if (reach === 'EVERYBODY') return accept({ ground: 'ROLE' })
  const worker = episode?.worker
  if (reach !== 'BY_TICKET') {
    if (worker === actor.id) return accept({ ground: 'OWN_CASELOAD' })
    if (isUnsupported(episode)) return accept({ ground: 'INTAKE' })
    if (reach === 'OWN_TEAM' && isLedBy(teams, actor.id, worker)) return accept({ ground: 'TEAM' })
  }
  const grant = grantFor(grants, subjectRef, actor.role, now)
  if (grant) return accept({ ground: 'GRANT', grantId: grant.grantId, ...(reach === 'BY_TICKET' ? { sealBroken: true as const } : {}) })
  const grantId = brokenBy(access, actor.id, actor.role, now)
  if (grantId !== undefined) return accept({ ground: 'BREAK_GLASS', grantId: grantId as Id<'GrantId'> })
  // They see that something is there, and nothing of it.
  return reach === 'BY_TICKET' ? accept({ ground: 'ROLE' }) : refused('NO_NEED_TO_KNOW')
}
