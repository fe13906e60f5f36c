import { clear, declareTable } from '#projections/table'

/** Who asked for which incident in vain, or was refused something there: for the parties of the incident, where there is one. */
export const hubDeniedTable = declareTable({
  name: 'hub_denied',
  item: 'HubDeniedItem',
  key: 'refusal_id',
  subject: 'incident_id',
  columns: {
    refusal_id: clear('uuid', { hidden: true }),
    incident_id: clear('uuid', { hidden: true }),
    staff_ref: clear('uuid'),
    role: clear('text'),
    command: clear('text', { description: 'What they asked for: Access, of a read.' }),
    code: clear('text', { description: 'NOT_INTERESTED_PARTY: they were told that there is no such incident.' }),
    at: clear('timestamptz(3)'),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['incident_id', 'position']],
})
