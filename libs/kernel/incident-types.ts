/** C39: what an incident of the Hub is about. */
export const incidentTypes = ['SAFEGUARDING', 'DEATH_IN_SERVICE', 'HEALTH_AND_SAFETY', 'INFORMATION_GOVERNANCE'] as const
export type IncidentType = (typeof incidentTypes)[number]

/** Which incidents somebody may be let at: of these types as an interested party, of those by their role alone. */
export type IncidentReach = { readonly asParty: readonly IncidentType[]; readonly byRole: readonly IncidentType[] }
