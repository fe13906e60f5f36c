import {
  CjInterventionEnded,
  CjInterventionStarted,
  CriminalJusticeOrderEnded,
  CriminalJusticeOrderRecorded,
  CustodyEventRecorded,
  OffenderStatusSet,
  PanelListingEnded,
  PanelListingRecorded,
  ReoffendingRiskAssessed,
  SeriousRiskAssessed,
  VulnerabilityEnded,
  VulnerabilityRecorded,
} from './events.js'
import { endFact, recordFact } from './record-fact.js'

const always = () => true

export const setOffenderStatus = recordFact({
  name: 'SetOffenderStatus',
  clauses: ['C09'],
  says: 'Record whether somebody is an offender, was one, or is alleged to be one',
  kind: 'OFFENDER_STATUS',
  event: OffenderStatusSet,
})

export const recordCriminalJusticeOrder = recordFact({
  name: 'RecordCriminalJusticeOrder',
  clauses: ['C09', 'C25'],
  says: 'Record an order of the criminal justice system that somebody is under',
  kind: 'CJ_ORDER',
  event: CriminalJusticeOrderRecorded,
  isOfOffender: always,
})
export const endCriminalJusticeOrder = endFact({
  name: 'EndCriminalJusticeOrder',
  clauses: ['C25'],
  says: 'Record that an order has ended',
  kind: 'CJ_ORDER',
  event: CriminalJusticeOrderEnded,
})

export const recordPanelListing = recordFact({
  name: 'RecordPanelListing',
  clauses: ['C25'],
  says: 'Record that a panel has somebody on its list',
  kind: 'PANEL',
  event: PanelListingRecorded,
  // MARAC lists whom it protects; MAPPA lists offenders.
  isOfOffender: ({ panel }) => panel === 'MAPPA',
})
export const endPanelListing = endFact({
  name: 'EndPanelListing',
  clauses: ['C25'],
  says: 'Record that a panel has somebody on its list no more',
  kind: 'PANEL',
  event: PanelListingEnded,
})

export const startCjIntervention = recordFact({
  name: 'StartCjIntervention',
  clauses: ['C09', 'C34'],
  says: 'Record that somebody receives a criminal justice intervention',
  kind: 'CJ_INTERVENTION',
  event: CjInterventionStarted,
  isOfOffender: always,
})
export const endCjIntervention = endFact({
  name: 'EndCjIntervention',
  clauses: ['C34'],
  says: 'Record that a criminal justice intervention has ended',
  kind: 'CJ_INTERVENTION',
  event: CjInterventionEnded,
})

export const recordCustodyEvent = recordFact({
  name: 'RecordCustodyEvent',
  clauses: ['C09', 'C29'],
  says: 'Record that somebody was released, or goes into custody',
  kind: 'CUSTODY',
  event: CustodyEventRecorded,
  isOfOffender: always,
  mayLieAhead: true,
})

export const assessReoffendingRisk = recordFact({
  name: 'AssessReoffendingRisk',
  clauses: ['C09', 'C20'],
  says: 'Record how high the risk of reoffending was found to be, and why',
  kind: 'REOFFENDING_RISK',
  event: ReoffendingRiskAssessed,
  isOfOffender: always,
})
export const assessSeriousRisk = recordFact({
  name: 'AssessSeriousRisk',
  clauses: ['C25', 'C28'],
  says: 'Record who was found to be at serious risk, or that nobody is, and why',
  kind: 'SERIOUS_RISK',
  event: SeriousRiskAssessed,
})

export const recordVulnerability = recordFact({
  name: 'RecordVulnerability',
  clauses: ['C28'],
  says: 'Record what makes somebody vulnerable',
  kind: 'VULNERABILITY',
  event: VulnerabilityRecorded,
})
export const endVulnerability = endFact({
  name: 'EndVulnerability',
  clauses: ['C28'],
  says: 'Record that somebody is not vulnerable in this way any more',
  kind: 'VULNERABILITY',
  event: VulnerabilityEnded,
})
