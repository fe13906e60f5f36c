import { clear, declareTable, maybe } from '#projections/table'

export const caseloadTable = declareTable({
  name: 'caseload',
  item: 'CaseloadItem',
  names: 'ID.name',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: {
    subject_ref: clear('uuid'),
    episode_id: clear('uuid'),
    state: clear('text', { oneOf: ['OPEN', 'ENDED', 'ERASED'] }),
    service_area: maybe('text'),
    worker: maybe('uuid', { description: 'The staffRef of whoever supports the person, once somebody does.' }),
    opened_at: clear('timestamptz(3)'),
    employers_last_contacted_at: maybe('timestamptz(3)'),
    in_touch_at: clear('timestamptz(3)', {
      description: 'When the person was reached, or got in touch, last; or the service began for them.',
    }),
    jobs: clear('int', { description: 'How many jobs are on record.' }),
    working: clear('boolean', { description: 'Whether one of them goes on.' }),
    sustained_from: maybe('text', {
      format: 'date',
      description: 'The day on which thirteen weeks of a job that goes on are full, where nobody has confirmed it yet.',
    }),
    ended_on: maybe('text', { format: 'date', description: 'The last day on which the service was used.' }),
    /** What the fold goes on from. */
    folded: clear('jsonb', { hidden: true }),
    position: clear('bigint', { hidden: true }),
  },
  reads: { supported: "case when worker is null then 'NO' else 'YES' end" },
  indexes: [['position'], ['worker', 'position'], ['state', 'position'], ['in_touch_at', 'position']],
})
