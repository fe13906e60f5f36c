import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import type { StaffRef } from '#kernel/id'
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

const [staffRef, handOverTo]: readonly [StaffRef, StaffRef] = [inventedId(42), inventedId(43)]

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
} satisfies ExampleOfEach<StaffEvent | OrganisationEvent>
