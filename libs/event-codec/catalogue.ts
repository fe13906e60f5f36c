import { accessConcerns } from '#domain/access/events'
import { auditConcerns } from '#domain/audit/events'
import { breachConcerns } from '#domain/breach/events'
import { incidentConcerns } from '#domain/incident/events'
import { installationConcerns } from '#domain/installation/events'
import { ledgerConcerns } from '#domain/ledger/events'
import { personConcerns } from '#domain/person/person'
import { staffConcerns } from '#domain/staff/events'
import { EventCatalog } from '#event-kit/catalog'
import type { Concern } from '#event-kit/concern'
import { policyConcerns } from '#policy/events'

const contexts: readonly Readonly<Record<string, Concern>>[] = [
  personConcerns,
  breachConcerns,
  accessConcerns,
  auditConcerns,
  incidentConcerns,
  installationConcerns,
  ledgerConcerns,
  staffConcerns,
  policyConcerns,
]

/** Every event that Caseledger stores. Each is of one concern: a type that stands in two keeps the process from starting. */
export const catalogue = new EventCatalog(contexts.flatMap(concerns => Object.values(concerns).flatMap(({ events }) => events)))
