import { atRisk } from '#domain/person/standing/events'
import { clear, declareTable, maybe } from '#projections/table'

export const concernStates = ['OPEN', 'CLOSED', 'NONE'] as const
export const riskTable = declareTable({
  name: 'risk_register',
  item: 'RiskItem',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: {
    subject_ref: clear('uuid'),
    concerns: clear('text', { oneOf: concernStates, description: 'OPEN: there is a safeguarding concern that nobody has closed.' }),
    open_concerns: clear('int'),
    concern_since: maybe('timestamptz(3)', { description: 'Of those that are open the first.' }),
    at_risk: maybe('text', { oneOf: atRisk, description: 'Who is at serious risk, by the newest assessment.' }),
    stands: clear('text[]', { description: 'The kinds of facts on record of which no end is recorded.' }),
    /** What the fold goes on from. */
    folded: clear('jsonb', { hidden: true }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['concerns', 'position'], ['at_risk', 'position']],
})
