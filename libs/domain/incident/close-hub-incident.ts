import { type At, command } from '#decider/command'
import type { IncidentId } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { HubIncidentClosed } from './events.js'
import { type Comer, groundFor } from './incident.js'
import { ofIncident } from './of-incident.js'

export type CloseHubIncident = { readonly incidentId: IncidentId; readonly conclusion?: Personal<string> | undefined }

/** It stays there for its parties, who may still be joined by others; nobody more is said to have been in it. */
export const closeHubIncident = command({
  ...ofIncident,
  name: 'CloseHubIncident',
  clauses: ['C40'],
  says: 'Close an incident, with what came of it',
  refusals: ['NOT_FOUND', 'INCIDENT_CLOSED'],
  decide:
    ({ incidentId, conclusion }: CloseHubIncident, { now, ...comer }: Comer & At) =>
    incident => {
      if (!groundFor(incident, comer)) return refused('NOT_FOUND')
      return incident.closed ? refused('INCIDENT_CLOSED') : accept([HubIncidentClosed.of({ incidentId, closedAt: now, conclusion })])
    },
})
