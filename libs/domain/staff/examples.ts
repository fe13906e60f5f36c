import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { type OrganisationEvent, RoleAppointed, type StaffEvent, StaffRegistered } from './events.js'

/** One example of every event of this context, every optional field filled. */
export const staffExamples = {
  StaffRegistered: StaffRegistered.of({ staffRef: inventedId(42), role: 'dpo', at }),
  RoleAppointed: RoleAppointed.of({ staffRef: inventedId(42), role: 'dpo', as: 'HOLDER', from: at }),
} satisfies ExampleOfEach<StaffEvent | OrganisationEvent>
