import { command } from '#decider/command'
import type { IncidentId, StaffRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { InterestedPartyAdded, InterestedPartyRemoved } from './events.js'
import { type Comer, type Incident, groundFor, isInvolved } from './incident.js'
import { ofIncident } from './of-incident.js'

export type OfInterestedParty = { readonly incidentId: IncidentId; readonly staffRef: StaffRef }

/**
 * C40: by a party; or by the DPO, so that an incident whose parties have all left is not lost. For whoever was in it themselves and is no
 * party there is none: nobody lets themselves in.
 */
function whyNot(state: Incident, comer: Comer) {
  const ground = groundFor(state, comer)
  const { id, role } = comer.actor
  if (ground === 'PARTY' || (state.raised && role === 'dpo' && !isInvolved(state, id))) return undefined
  return ground ? ('ROLE_NOT_PERMITTED' as const) : ('NOT_FOUND' as const)
}

export const addInterestedParty = command({
  ...ofIncident,
  name: 'AddInterestedParty',
  clauses: ['C40'],
  says: 'Let a member of staff at an incident: by an interested party, or by the DPO',
  refusals: ['NOT_FOUND', 'ROLE_NOT_PERMITTED', 'STAFF_NOT_REGISTERED'],
  decide:
    ({ incidentId, staffRef }: OfInterestedParty, { worksHere, ...comer }: Comer & { readonly worksHere: boolean }) =>
    incident => {
      const why = whyNot(incident, comer)
      if (why) return refused(why)
      if (!worksHere) return refused('STAFF_NOT_REGISTERED')
      return accept(incident.parties.has(staffRef) ? [] : [InterestedPartyAdded.of({ incidentId, staffRef })])
    },
})

export const removeInterestedParty = command({
  ...ofIncident,
  name: 'RemoveInterestedParty',
  clauses: ['C40'],
  says: 'From here on there is no such incident for this member of staff',
  refusals: ['NOT_FOUND', 'ROLE_NOT_PERMITTED', 'LAST_INTERESTED_PARTY'],
  decide:
    ({ incidentId, staffRef }: OfInterestedParty, comer: Comer) =>
    incident => {
      const why = whyNot(incident, comer)
      if (why) return refused(why)
      if (!incident.parties.has(staffRef)) return accept([])
      if (incident.parties.size === 1) return refused('LAST_INTERESTED_PARTY')
      return accept([InterestedPartyRemoved.of({ incidentId, staffRef })])
    },
})
