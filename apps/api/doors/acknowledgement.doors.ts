import { acknowledgePolicy } from '#domain/staff/acknowledge-policy'
import { acknowledgement } from '#domain/staff/staff'
import { doorOf } from '#nest/door-of'
import { listOf } from '#nest/list-of'
import { staffRegister } from '#read-models/staff-register/projection'
import { staffTable } from '#read-models/staff-register/table'
import { ofStaff } from '../answers.js'
import { AcknowledgementBody } from '../bodies/staff.js'
import { KnownStaffPolicies } from '../preparations/known-staff-policies.js'

export const acknowledgePolicyDoor = doorOf('staff', acknowledgePolicy, {
  path: 'staff/:staffRef/acknowledgements',
  creates: true,
  body: AcknowledgementBody,
  prepare: KnownStaffPolicies,
  fields: { STAFF_POLICY_UNKNOWN: 'version' },
  ...ofStaff,
})

const worksHere = { column: 'state', is: '=', value: 'ACTIVE' } as const
/** A machine reads no policies. */
const isSomebody = { column: 'roles', is: 'lacks', value: 'integration' } as const

export const unacknowledgedList = listOf({
  operation: 'StaffRegister.unacknowledged',
  tag: 'staff',
  path: 'staff/unacknowledged',
  summary: 'Who works here and has not acknowledged a policy in the version in force, in time or not yet',
  capability: 'READ_STAFF',
  projection: staffRegister,
  table: staffTable,
  forReader: (_, { staffPolicies }) =>
    staffPolicies.map(({ policy, version }) => [
      worksHere,
      isSomebody,
      { column: 'acknowledged', is: 'lacks', value: acknowledgement(policy, version) },
    ]),
})
