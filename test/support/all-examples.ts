import { accessExamples } from '#domain/access/examples'
import { auditExamples } from '#domain/audit/examples'
import { breachExamples } from '#domain/breach/examples'
import { incidentExamples } from '#domain/incident/examples'
import { installationExamples } from '#domain/installation/examples'
import { ledgerExamples } from '#domain/ledger/examples'
import { examples as personExamples } from '#domain/person/examples'
import { staffExamples } from '#domain/staff/examples'
import { policyExamples } from '#policy/examples'

/** An example of every event that Caseledger stores. */
export const allExamples: Readonly<Record<string, { readonly type: string; readonly data: object }>> = {
  ...personExamples,
  ...breachExamples,
  ...accessExamples,
  ...auditExamples,
  ...incidentExamples,
  ...installationExamples,
  ...ledgerExamples,
  ...staffExamples,
  ...policyExamples,
}
