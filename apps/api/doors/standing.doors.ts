import { closeSafeguardingConcern, raiseSafeguardingConcern } from '#domain/person/standing/safeguarding-concern'
import { correctDeath, recordDeath } from '#domain/person/standing/death'
import {
  assessReoffendingRisk,
  assessSeriousRisk,
  endCjIntervention,
  endCriminalJusticeOrder,
  endPanelListing,
  endVulnerability,
  recordCriminalJusticeOrder,
  recordCustodyEvent,
  recordPanelListing,
  recordVulnerability,
  setOffenderStatus,
  startCjIntervention,
} from '#domain/person/standing/standing-facts'
import { doorOf } from '#nest/door-of'
import { FactAnswer, ofSubject } from '../answers.js'
import {
  ConcernBody,
  ConcernClosingBody,
  CustodyBody,
  DeathBody,
  DeathCorrectionBody,
  FactBody,
  FactEndBody,
  OffenderStatusBody,
  PanelBody,
  ReoffendingRiskBody,
  SeriousRiskBody,
  VulnerabilityBody,
  factIn,
  ofFactIn,
  reasonedFactIn,
} from '../bodies/standing.js'

const tag = 'standing'
const ofFact = {
  creates: ({ subjectRef, factId }: FactAnswer) => `/v1/subjects/${subjectRef}/facts/${factId}/words`,
  answers: FactAnswer,
  answer: ({ subjectRef, factId }: Pick<FactAnswer, 'subjectRef' | 'factId'>) => ({ subjectRef, factId }),
}
const ofDays = { fields: { DAY_NOT_COME_YET: 'from', DAYS_OUT_OF_ORDER: 'until' }, ...ofFact }
const ofEnd = {
  body: FactEndBody,
  input: ofFactIn,
  fields: { DAY_NOT_COME_YET: 'endedOn', DAYS_OUT_OF_ORDER: 'endedOn', FACT_ENDED: 'endedOn' },
  ...ofSubject,
}

export const setOffenderStatusDoor = doorOf(tag, setOffenderStatus, {
  path: 'subjects/:subjectRef/offender-status',
  body: OffenderStatusBody,
  input: factIn,
  ...ofDays,
})
export const recordCriminalJusticeOrderDoor = doorOf(tag, recordCriminalJusticeOrder, {
  path: 'subjects/:subjectRef/cj-orders',
  body: FactBody,
  input: factIn,
  ...ofDays,
})
export const endCriminalJusticeOrderDoor = doorOf(tag, endCriminalJusticeOrder, {
  path: 'subjects/:subjectRef/cj-orders/:factId/end',
  ...ofEnd,
})
export const recordPanelListingDoor = doorOf(tag, recordPanelListing, {
  path: 'subjects/:subjectRef/panel-listings',
  body: PanelBody,
  input: factIn,
  ...ofDays,
})
export const endPanelListingDoor = doorOf(tag, endPanelListing, { path: 'subjects/:subjectRef/panel-listings/:factId/end', ...ofEnd })
export const startCjInterventionDoor = doorOf(tag, startCjIntervention, {
  path: 'subjects/:subjectRef/cj-interventions',
  body: FactBody,
  input: factIn,
  ...ofDays,
})
export const endCjInterventionDoor = doorOf(tag, endCjIntervention, { path: 'subjects/:subjectRef/cj-interventions/:factId/end', ...ofEnd })
export const recordCustodyEventDoor = doorOf(tag, recordCustodyEvent, {
  path: 'subjects/:subjectRef/custody-events',
  body: CustodyBody,
  input: factIn,
  ...ofDays,
})
export const assessReoffendingRiskDoor = doorOf(tag, assessReoffendingRisk, {
  path: 'subjects/:subjectRef/reoffending-risk',
  body: ReoffendingRiskBody,
  input: reasonedFactIn,
  ...ofDays,
})
export const assessSeriousRiskDoor = doorOf(tag, assessSeriousRisk, {
  path: 'subjects/:subjectRef/serious-risk',
  body: SeriousRiskBody,
  input: reasonedFactIn,
  ...ofDays,
})
export const recordVulnerabilityDoor = doorOf(tag, recordVulnerability, {
  path: 'subjects/:subjectRef/vulnerabilities',
  body: VulnerabilityBody,
  input: reasonedFactIn,
  ...ofDays,
})
export const endVulnerabilityDoor = doorOf(tag, endVulnerability, { path: 'subjects/:subjectRef/vulnerabilities/:factId/end', ...ofEnd })

export const raiseSafeguardingConcernDoor = doorOf(tag, raiseSafeguardingConcern, {
  path: 'subjects/:subjectRef/safeguarding-concerns',
  body: ConcernBody,
  input: reasonedFactIn,
  ...ofFact,
})
export const closeSafeguardingConcernDoor = doorOf(tag, closeSafeguardingConcern, {
  path: 'subjects/:subjectRef/safeguarding-concerns/:factId/closing',
  body: ConcernClosingBody,
  input: ofFactIn,
  fields: { DAYS_OUT_OF_ORDER: 'closedAt' },
  ...ofSubject,
})

export const recordDeathDoor = doorOf(tag, recordDeath, {
  path: 'subjects/:subjectRef/death',
  body: DeathBody,
  input: factIn,
  facts: ({ retention }) => ({ retention }),
  fields: { DAY_NOT_COME_YET: 'diedOn' },
  ...ofFact,
})
export const correctDeathDoor = doorOf(tag, correctDeath, {
  path: 'subjects/:subjectRef/death/correction',
  body: DeathCorrectionBody,
  input: ofFactIn,
  facts: ({ retention }) => ({ retention }),
  fields: { DAY_NOT_COME_YET: 'diedOn' },
  ...ofSubject,
})
