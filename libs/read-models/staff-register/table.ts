import { staffStates } from '#domain/staff/staff'
import { clear, declareTable, maybe } from '#projections/table'

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
    trained_until: maybe('timestamptz(3)', { description: 'Until when their training is in date, where any is on record.' }),
    acknowledged: clear('text[]', { description: 'The policies that they acknowledged: the policy, a blank, its version.' }),
    changed_at: clear('timestamptz(3)', { description: 'When any of this was changed last.' }),
    position: clear('bigint', { hidden: true }),
  },
  /** Whoever has none on record comes with those whose training has run out. */
  reads: { training_ends: "coalesce(trained_until, 'epoch')" },
  indexes: [['position'], ['state', 'position']],
})
