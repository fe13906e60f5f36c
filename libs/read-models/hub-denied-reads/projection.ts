import { hubRefusals } from '#domain/access/events'
import { rowProjection } from '#projections/projection'
import { hubDeniedTable } from './table.js'

/** C40: the denied reads of an incident. */
export const hubDeniedReads = rowProjection({
  name: 'hub-denied-reads',
  concerns: [hubRefusals],
  tables: [hubDeniedTable],
  on: {
    CommandRefused: ({ refusalId, incidentId, command, code, at }, { actor, position }) =>
      incidentId === undefined
        ? []
        : hubDeniedTable.put({
            refusal_id: refusalId,
            incident_id: incidentId,
            staff_ref: actor.id,
            role: actor.role,
            command,
            code,
            at,
            position,
          }),
  },
})
