import { recordLeaving } from '#domain/staff/record-leaving'
import { recordTraining } from '#domain/staff/record-training'
import { reinstateStaff } from '#domain/staff/reinstate-staff'
import { staffStates } from '#domain/staff/staff'
import { suspendStaff } from '#domain/staff/suspend-staff'
import { withdrawRole } from '#domain/staff/withdraw-role'
import { doorOf } from '#nest/door-of'
import { Instant, OneOf } from '#nest/fields'
import { before, equals, listOf } from '#nest/list-of'
import { givenBy } from '#policy/giving-roles'
import { staffRegister } from '#read-models/staff-register/projection'
import { staffTable } from '#read-models/staff-register/table'
import { ofStaff } from '../answers.js'
import { LeavingBody, ReinstatementBody, RoleWithdrawalBody, SuspensionBody, TrainingBody } from '../bodies/staff.js'
import { Successor } from '../preparations/successor.js'

const tag = 'staff'

export const suspendStaffDoor = doorOf(tag, suspendStaff, {
  path: 'staff/:staffRef/suspension',
  body: SuspensionBody,
  facts: givenBy,
  ...ofStaff,
})
export const reinstateStaffDoor = doorOf(tag, reinstateStaff, {
  path: 'staff/:staffRef/reinstatement',
  body: ReinstatementBody,
  facts: givenBy,
  ...ofStaff,
})
export const recordLeavingDoor = doorOf(tag, recordLeaving, {
  path: 'staff/:staffRef/leaving',
  body: LeavingBody,
  prepare: Successor,
  fields: { WORKER_NOT_REGISTERED: 'handOverTo' },
  ...ofStaff,
})
export const withdrawRoleDoor = doorOf(tag, withdrawRole, {
  path: 'staff/:staffRef/roles/withdrawal',
  body: RoleWithdrawalBody,
  prepare: Successor,
  fields: { WORKER_NOT_REGISTERED: 'handOverTo' },
  ...ofStaff,
})
export const recordTrainingDoor = doorOf(tag, recordTraining, {
  path: 'staff/:staffRef/training',
  body: TrainingBody,
  facts: givenBy,
  ...ofStaff,
})
export const staffList = listOf({
  operation: 'StaffRegister.all',
  tag,
  path: 'staff',
  summary: 'Who is registered in which roles, who is suspended, and who has left; references only',
  capability: 'READ_STAFF',
  projection: staffRegister,
  table: staffTable,
  filters: {
    state: equals('state', OneOf(staffStates, { optional: true })),
    trainingEndsBefore: before(
      'training_ends',
      Instant({ optional: true, description: 'Whose training runs out before then, has run out, or is not on record.' }),
    ),
  },
})
