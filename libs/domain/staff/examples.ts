import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { StaffDetailsErased, StaffKeyCreated } from '#event-kit/key-events'
import type { Id, KeyId, StaffRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import {
  HealthOverseerAppointed,
  HealthOverseerEnded,
  HealthOversightReviewed,
  type OrganisationEvent,
  PolicyAcknowledged,
  RoleAppointed,
  RoleEnded,
  StaffDetailsRecorded,
  type StaffEvent,
  StaffKeysDestroyed,
  StaffLeft,
  StaffRegistered,
  StaffReinstated,
  StaffRoleWithdrawn,
  StaffSuspended,
  StaffTrainingCompleted,
} from './events.js'
import { AccessGranted, AccessRevoked, type GrantEvent } from './grants/events.js'
import { TeamCreated, TeamEnded, TeamMemberAdded, TeamMemberRemoved } from './teams/events.js'

const kid: KeyId = inventedId(44)
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
  PolicyAcknowledged: PolicyAcknowledged.of({ staffRef, policy: 'ACCESS', version: 'ACCESS-1', acknowledgedAt: at }),
  StaffDetailsRecorded: StaffDetailsRecorded.of({
    staffRef,
    name: Personal.of('Rosalind Okonjo-Bright'),
    contact: Personal.of('extension 4711'),
  }),
  HealthOverseerAppointed: HealthOverseerAppointed.of({
    staffRef,
    profession: 'HEALTH_PROFESSIONAL',
    regulator: 'NMC',
    registration: Personal.of('00A0000Z'),
    at,
  }),
  HealthOverseerEnded: HealthOverseerEnded.of({ staffRef, reason: 'REGISTRATION_ENDED', at }),
  StaffKeyCreated: StaffKeyCreated.of({ staffRef, kid, scope: 'ID', generation: 1, kc: 'A'.repeat(43) }),
  StaffDetailsErased: StaffDetailsErased.of({ staffRef, cause: 'NO_LONGER_NEEDED', scopes: ['ID'], kids: [kid] }),
  StaffKeysDestroyed: StaffKeysDestroyed.of({ staffRef, kids: [kid], destroyedAt: at }),
  HealthOversightReviewed: HealthOversightReviewed.of({
    reviewId: inventedId(45),
    overseer: staffRef,
    subjects: [inventedId(1)],
    outcome: 'SATISFACTORY',
    reviewedAt: at,
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
