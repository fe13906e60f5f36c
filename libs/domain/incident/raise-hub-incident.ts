import { type At, type By, command, noCategories, writeRules } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { StaffRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { accept } from '#kernel/result'
import { HubIncidentRaised, InterestedPartyAdded } from './events.js'
import { incident } from './incident.js'

export type RaiseHubIncident = DataOfEvent<typeof HubIncidentRaised> & {
  readonly parties: readonly StaffRef[]
  /** Whoever raises it is its first interested party, unless they say otherwise. A machine is none. */
  readonly asParty: boolean
}

/** C39, C40: an incident is taken from whoever may raise one, whatever else they may do. */
export const raiseHubIncident = command({
  name: 'RaiseHubIncident',
  clauses: ['C39', 'C40'],
  says: 'Raise an incident of the Hub: it is there for its interested parties, and for nobody else; never refused',
  aggregate: incident,
  streamId: ({ incidentId }: RaiseHubIncident) => incidentId,
  capability: 'RAISE_INCIDENT',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  // What went wrong is heard whatever the paperwork says and whoever it is about.
  exemptFrom: writeRules,
  refusals: [],
  decide:
    ({ parties, asParty, ...told }: RaiseHubIncident, { now, actor }: At & By) =>
    ({ raised }) => {
      if (raised) return accept([])
      const { incidentId } = told
      const first = asParty && actor.role !== 'integration' ? [actor.id] : []
      return accept([
        HubIncidentRaised.of({ ...told, occurredAt: earlierOf(told.occurredAt, now) }),
        ...[...new Set([...first, ...parties])].map(staffRef => InterestedPartyAdded.of({ incidentId, staffRef })),
      ])
    },
})
