import { staffStates } from '#domain/staff/staff'
import { clear, declareTable } from '#projections/table'

/** Who works here, by reference only: who that is, only the issuer of their tokens knows. */
export const staffTable = declareTable({
  name: 'staff_register',
  item: 'StaffItem',
  key: 'staff_ref',
  subject: undefined,
  columns: {
    staff_ref: clear('uuid'),
    state: clear('text', { oneOf: staffStates }),
    roles: clear('text[]', { description: 'Those in which they are registered now.' }),
    changed_at: clear('timestamptz(3)', { description: 'When any of this was changed last.' }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position']],
})
