import { atRisk } from '#domain/person/standing/events'
import { OneOf } from '#nest/fields'
import { equals, listOf } from '#nest/list-of'
import { riskRegister } from '#read-models/risk-register/projection'
import { concernStates, riskTable } from '#read-models/risk-register/table'

export const riskList = listOf({
  operation: 'RiskRegister.list',
  tag: 'standing',
  path: 'risks',
  summary: 'About whom there is a safeguarding concern, who is at risk, and what else stands; without what is said of it (C21, C28)',
  capability: 'READ_RISK_REGISTER',
  projection: riskRegister,
  table: riskTable,
  filters: {
    concerns: equals('concerns', OneOf(concernStates, { optional: true })),
    atRisk: equals('at_risk', OneOf(atRisk, { optional: true })),
  },
})
