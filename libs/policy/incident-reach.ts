import type { StaffRole } from '#kernel/actor'
import { type IncidentReach, incidentTypes } from '#kernel/incident-types'
import { type Limit, cellOf } from './capabilities.js'

const reaches: { readonly [L in Limit]?: IncidentReach } = {
  PARTY: { asParty: incidentTypes, byRole: [] },
  INFORMATION_INCIDENT_OR_PARTY: { asParty: incidentTypes, byRole: ['INFORMATION_GOVERNANCE'] },
  SAFEGUARDING_OR_DEATH_OR_PARTY: { asParty: incidentTypes, byRole: ['SAFEGUARDING', 'DEATH_IN_SERVICE'] },
  /** To be made an interested party is to be assigned. */
  INFORMATION_INCIDENT_IF_ASSIGNED: { asParty: ['INFORMATION_GOVERNANCE'], byRole: [] },
}
const none: IncidentReach = { asParty: [], byRole: [] }
const limitsOf = (role: StaffRole) => cellOf('READ_INCIDENT', role).flatMap(({ limit }) => limit ?? [])

/** C40: which incidents a role may be let at, by its cell of the table. None, where the cell says nothing of it. */
export const incidentReachOf = (role: StaffRole): IncidentReach => limitsOf(role).flatMap(limit => reaches[limit] ?? [])[0] ?? none
/** Whoever maintains the system sees that there are incidents, of which type, and since when. */
export const seesIncidentMetadata = (role: StaffRole): boolean => limitsOf(role).includes('METADATA')
