import { clear, declareTable, maybe } from '#projections/table'

/** No list shows it: lists ask it whose rows they may show. */
export const openRecordsTable = declareTable({
  name: 'open_records',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: {
    subject_ref: clear('uuid'),
    /** Who supports the person. */
    worker: maybe('uuid'),
    /** UNSUPPORTED: there for whoever could support them. */
    support: clear('text', { oneOf: ['SUPPORTED', 'UNSUPPORTED', 'OVER'] }),
    /** To whom the record is closed, whatever else they have. */
    conflicted: clear('text[]'),
    /** What the fold goes on from. */
    folded: clear('jsonb'),
    position: clear('bigint'),
  },
  indexes: [['worker'], ['support']],
})
