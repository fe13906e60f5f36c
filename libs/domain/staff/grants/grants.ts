import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { StaffRef } from '#kernel/id'
import { type AccessGranted, AccessRevoked, type GrantEvent, type RevocationCause } from './events.js'

export type Grant = Omit<DataOfEvent<typeof AccessGranted>, 'staffRef'>
/** Those of one member of staff that were not revoked, by their id. One whose time is over opens nothing. */
export type Grants = ReadonlyMap<string, Grant>

export const evolveGrants: Evolve<Grants, GrantEvent> = {
  AccessGranted: (grants, { staffRef: _, ...grant }) => new Map(grants).set(grant.grantId, grant),
  AccessRevoked: (grants, { grantId }) => new Map([...grants].filter(([id]) => id !== grantId)),
}

/** C37: what opens records now to whoever comes in this role. */
export const grantsNow = (grants: Grants, role: string, now: string): readonly Grant[] =>
  [...grants.values()].filter(one => one.role === role && one.until > now)
/** C37: what opens a person's record now to whoever comes in this role. */
export const grantFor = (grants: Grants, subjectRef: string, role: string, now: string): Grant | undefined =>
  grantsNow(grants, role, now).find(one => one.subjectRef === subjectRef)

/** C37: with whoever may not act any more, or not in a role, their grants end: in the same append. */
export const revoked = (
  staffRef: StaffRef,
  grants: Grants,
  cause: RevocationCause,
  revokedAt: string,
  { inRole }: { readonly inRole?: string } = {},
) =>
  [...grants.values()]
    .filter(({ role }) => inRole === undefined || role === inRole)
    .map(({ grantId }) => AccessRevoked.of({ staffRef, grantId, cause, revokedAt }))
