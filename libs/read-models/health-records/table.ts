import { clear, declareTable, maybe } from '#projections/table'

/** That there is health data, and whether it was looked at: nothing of what it says. */
export const healthRecordTable = declareTable({
  name: 'health_record',
  item: 'HealthRecordItem',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: {
    subject_ref: clear('uuid'),
    state: clear('text', {
      oneOf: ['WAITS', 'REVIEWED', 'ERASED'],
      description: 'WAITS: nobody has looked at it since health data was recorded last.',
    }),
    recorded_at: clear('timestamptz(3)', { description: 'When health data was recorded last.' }),
    reviewed_at: maybe('timestamptz(3)'),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position']],
})
