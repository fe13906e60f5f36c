import { accessEvents } from '#domain/access/events'
import { auditEvents } from '#domain/audit/events'
import { breachEvents } from '#domain/breach/events'
import { installationEvents } from '#domain/installation/events'
import { ledgerEvents } from '#domain/ledger/events'
import { personEvents } from '#domain/person/person'
import { staffEvents } from '#domain/staff/events'
import { EventCatalog } from '#event-kit/catalog'
import { policyEvents } from '#policy/events'

/** Every event that Caseledger stores. */
export const catalogue = new EventCatalog([
  ...personEvents,
  ...breachEvents,
  ...accessEvents,
  ...auditEvents,
  ...installationEvents,
  ...ledgerEvents,
  ...staffEvents,
  ...policyEvents,
])
