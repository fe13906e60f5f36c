import { breakGlassOutcomes } from '#domain/person/access/events'
import { actorRoles } from '#kernel/actor'
import { clear, declareTable, maybe } from '#projections/table'

export const breakGlassTable = declareTable({
  name: 'break_glass',
  item: 'BreakGlassItem',
  key: 'grant_id',
  subject: 'subject_ref',
  columns: {
    grant_id: clear('uuid', { description: 'What each reading by it names.' }),
    subject_ref: clear('uuid'),
    staff_ref: clear('uuid', { description: 'Who opened the record.' }),
    role: clear('text', { oneOf: actorRoles }),
    used_at: clear('timestamptz(3)'),
    until: clear('timestamptz(3)'),
    state: clear('text', { oneOf: ['TO_REVIEW', ...breakGlassOutcomes] }),
    reviewed_by: maybe('uuid'),
    reviewed_at: maybe('timestamptz(3)'),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position']],
})
