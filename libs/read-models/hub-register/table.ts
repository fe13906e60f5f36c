import { severities } from '#domain/incident/events'
import { incidentTypes } from '#kernel/incident-types'
import { clear, declareTable, maybe } from '#projections/table'

/** What is clear of an incident. Who is let at a row is asked of `parties` and `involved`, which no answer shows. */
export const hubRegisterTable = declareTable({
  name: 'hub_register',
  item: 'HubIncidentItem',
  key: 'incident_id',
  subject: 'incident_id',
  columns: {
    incident_id: clear('uuid'),
    type: clear('text', { oneOf: incidentTypes }),
    severity: clear('text', { oneOf: severities }),
    state: clear('text', { oneOf: ['OPEN', 'CLOSED'] }),
    occurred_at: clear('timestamptz(3)'),
    raised_at: clear('timestamptz(3)'),
    closed_at: maybe('timestamptz(3)'),
    parties: clear('text[]', { hidden: true }),
    /** Members of staff who were in it. */
    involved: clear('text[]', { hidden: true }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position']],
})
