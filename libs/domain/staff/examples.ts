import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import type { Id, StaffRef } from '#kernel/id'
import {
  type OrganisationEvent,
  RoleAppointed,
  RoleEnded,
  type StaffEvent,
  StaffLeft,
  StaffRegistered,
  StaffReinstated,
  StaffRoleWithdrawn,
  StaffSuspended,
  StaffTrainingCompleted,
} from './events.js'
import { AccessGranted, AccessRevoked, type GrantEvent } from './grants/events.js'
import { TeamCreated, TeamEnded, TeamMemberAdded, TeamMemberRemoved } from './teams/events.js'

const [staffRef, handOverTo]: readonly [StaffRef, StaffRef] = [inventedId(42), inventedId(43)]
const [teamId, grantId]: readonly [Id<'TeamId'>, Id<'GrantId'>] = [inventedId(44), inventedId(45)]

/** One example of every event of this context, every optional field filled. */
export const staffExamples = {
  StaffRegistered: StaffRegistered.of({ staffRef, role: 'dpo', at }),
  StaffSuspended: StaffSuspended.of({ staffRef, suspendedAt: at }),
  StaffReinstated: StaffReinstated.of({ staffRef, reinstatedAt: at }),
  StaffRoleWithdrawn: StaffRoleWithdrawn.of({ staffRef, role: 'ips-worker', handOverTo, at }),
  StaffLeft: StaffLeft.of({ staffRef, handOverTo, leftAt: at }),
  StaffTrainingCompleted: StaffTrainingCompleted.of({
    staffRef,
    course: 'DATA-PROTECTION',
    completedAt: at,
    validUntil: '2027-11-01T09:00:00.000Z',
  }),
  RoleAppointed: RoleAppointed.of({ staffRef, role: 'dpo', as: 'HOLDER', from: at, until: '2027-11-01T09:00:00.000Z' }),
  RoleEnded: RoleEnded.of({ staffRef, role: 'dpo', at }),
  TeamCreated: TeamCreated.of({ teamId, leader: staffRef, createdAt: at }),
  TeamMemberAdded: TeamMemberAdded.of({ teamId, staffRef: handOverTo, part: 'WORKER', addedAt: at }),
  TeamMemberRemoved: TeamMemberRemoved.of({ teamId, staffRef: handOverTo, removedAt: at }),
  TeamEnded: TeamEnded.of({ teamId, endedAt: at }),
  AccessGranted: AccessGranted.of({
    staffRef,
    grantId,
    subjectRef: inventedId(1),
    kind: 'REQUEST',
    role: 'ips-worker',
    about: inventedId(46),
    grantedAt: at,
    until: '2026-12-01T09:00:00.000Z',
  }),
  AccessRevoked: AccessRevoked.of({ staffRef, grantId, cause: 'REVOKED', revokedAt: at }),
} satisfies ExampleOfEach<StaffEvent | GrantEvent | OrganisationEvent>
