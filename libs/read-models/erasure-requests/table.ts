import { clear, declareTable } from '#projections/table'

export const erasureRequestTable = declareTable({
  name: 'erasure_request',
  item: 'ErasureRequestItem',
  key: 'request_id',
  subject: 'subject_ref',
  columns: {
    request_id: clear('uuid'),
    subject_ref: clear('uuid'),
    state: clear('text'),
    channel: clear('text'),
    grounds: clear('text'),
    regime: clear('text'),
    received_at: clear('timestamptz(3)'),
    due: clear('text', { format: 'date' }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position']],
})
