import { type EventOf, defineEvent } from '#event-kit/event'
import { code, happenedAt, id, instant, optional } from '#event-kit/field'

/** What somebody needs a record for that is not of their own caseload or team. */
export const grantKinds = ['CASELOAD', 'INCIDENT', 'REQUEST', 'BREACH'] as const
export type GrantKind = (typeof grantKinds)[number]
/** The roles that reach only so far without one. */
export const grantedRoles = ['ips-worker', 'team-leader', 'breach-responder'] as const
export type GrantedRole = (typeof grantedRoles)[number]
/** By somebody's command; or because whoever had it may not act any more, or not in that role. */
export const revocationCauses = ['REVOKED', 'SUSPENDED', 'LEFT', 'ROLE_WITHDRAWN'] as const
export type RevocationCause = (typeof revocationCauses)[number]

const ofGrant = { staffRef: id('StaffRef'), grantId: id('GrantId') }
/** C37: the record of one person, open to one member of staff in one role, for what that role sees, until then. */
export const AccessGranted = defineEvent('AccessGranted', {
  ...ofGrant,
  subjectRef: id('SubjectRef'),
  kind: code(...grantKinds),
  role: code(...grantedRoles),
  /** The incident, request or breach that it is for. */
  about: optional(id('GrantedFor')),
  grantedAt: instant(),
  until: instant(),
})
/** C37: it opens nothing from here on. */
export const AccessRevoked = defineEvent('AccessRevoked', { ...ofGrant, cause: code(...revocationCauses), revokedAt: happenedAt() })

export const grantEvents = [AccessGranted, AccessRevoked] as const
export type GrantEvent = EventOf<(typeof grantEvents)[number]>
