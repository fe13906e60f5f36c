import { clear, declareTable, maybe, sealed } from '#projections/table'

/** The narrative is sealed under the breach's own key: `subject` is the breach, so no person's erasure touches it. */
export const breachTable = declareTable({
  name: 'breach_register',
  item: 'BreachItem',
  key: 'breach_id',
  subject: 'breach_id',
  columns: {
    breach_id: clear('uuid'),
    state: clear('text', { oneOf: ['REPORTED', 'CLOSED'] }),
    kind: clear('text'),
    discovered_at: clear('timestamptz(3)'),
    aware_at: maybe('timestamptz(3)'),
    target: maybe('timestamptz(3)', {
      in: 'regulatorDue',
      format: 'date-time',
      description: 'Awareness and 72 hours, UTC.',
      wholeSeconds: true,
    }),
    due_limit: maybe('timestamptz(3)', {
      in: 'regulatorDue',
      as: 'limit',
      format: 'date-time',
      description: 'The next full hour after awareness and 72 hours, UTC.',
      wholeSeconds: true,
    }),
    affected: clear('int', { as: 'affectedCount', description: 'How many people on record are affected, as far as they are known.' }),
    approx_people: maybe('int'),
    approx_records: maybe('int'),
    categories: clear('text[]'),
    summary: sealed({ hidden: true }),
    reported_by: clear('uuid'),
    reported_at: clear('timestamptz(3)'),
    position: clear('bigint', { hidden: true }),
  },
  objects: { regulatorDue: { named: 'RegulatorDue' } },
  indexes: [['position']],
})

/** Who is affected by a breach: a row each, so that the register need not carry them. */
export const affectedTable = declareTable({
  name: 'breach_affected',
  item: 'AffectedItem',
  key: 'row_id',
  subject: 'breach_id',
  columns: {
    row_id: clear('text', { hidden: true }),
    breach_id: clear('uuid', { hidden: true }),
    subject_ref: clear('uuid'),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['breach_id', 'position']],
})
