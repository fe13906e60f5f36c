import { noCategories } from '#decider/command'
import type { IncidentId } from '#kernel/id'
import { incident } from './incident.js'

/** What all commands about an incident that was raised have in common. */
export const ofIncident = {
  aggregate: incident,
  streamId: ({ incidentId }: { readonly incidentId: IncidentId }) => incidentId,
  capability: 'HANDLE_INCIDENT',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
} as const
