import { grantKinds, grantedRoles, revocationCauses } from '#domain/staff/grants/events'
import { clear, declareTable, maybe } from '#projections/table'

/** In days: how long a grant may lie unused before somebody is to ask whether it is needed. */
const staleAfter = 28

export const grantTable = declareTable({
  name: 'grant_register',
  item: 'GrantItem',
  key: 'grant_id',
  subject: 'subject_ref',
  columns: {
    grant_id: clear('uuid'),
    staff_ref: clear('uuid', { description: 'To whom the record is open.' }),
    role: clear('text', { oneOf: grantedRoles }),
    subject_ref: clear('uuid'),
    kind: clear('text', { oneOf: grantKinds }),
    about: maybe('uuid', { description: 'The incident, request or breach that it is for.' }),
    state: clear('text', { oneOf: ['GRANTED', 'REVOKED'] }),
    granted_by: clear('uuid'),
    granted_at: clear('timestamptz(3)'),
    until: clear('timestamptz(3)', { description: 'It opens nothing from then on, whatever its state says.' }),
    used_at: maybe('timestamptz(3)', { description: 'When somebody read by it last.' }),
    revoked_at: maybe('timestamptz(3)'),
    cause: maybe('text', { oneOf: revocationCauses, description: 'Why it ended before its time.' }),
    position: clear('bigint', { hidden: true }),
  },
  reads: {
    stale: `case when state = 'GRANTED' and (until <= now() or coalesce(used_at, granted_at) < now() - interval '${staleAfter} days')
      then 'YES' else 'NO' end`,
  },
  indexes: [['position'], ['staff_ref', 'position'], ['subject_ref', 'position']],
})
