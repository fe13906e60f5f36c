import type { Evolve } from '#decider/decider'
import { type IncidentEvent, type Severity, incidentConcerns } from '#domain/incident/events'
import type { IncidentType } from '#kernel/incident-types'
import { documentProjection } from '#projections/projection'
import { rowEach } from '#projections/row-each'
import type { RowOf } from '#projections/table'
import { hubRegisterTable } from './table.js'

type Registered = {
  readonly type: IncidentType
  readonly severity: Severity
  readonly occurredAt: string
  readonly raisedAt: string
  readonly closedAt?: string | undefined
  readonly parties: readonly string[]
  readonly involved: readonly string[]
  readonly position: bigint
}
type Was = Registered | undefined
const same = (was: Was) => was

const evolve: Evolve<Was, IncidentEvent> = {
  HubIncidentRaised: (_, { type, severity, occurredAt }, { recordedAt, position }) => ({
    type,
    severity,
    occurredAt,
    raisedAt: recordedAt,
    parties: [],
    involved: [],
    position,
  }),
  PersonAddedToIncident: (was, { staffRef }) =>
    was && { ...was, involved: staffRef === undefined || was.involved.includes(staffRef) ? was.involved : [...was.involved, staffRef] },
  InterestedPartyAdded: (was, { staffRef }) => was && { ...was, parties: [...was.parties, staffRef] },
  InterestedPartyRemoved: (was, { staffRef }) => was && { ...was, parties: was.parties.filter(party => party !== staffRef) },
  HubIncidentClosed: (was, { closedAt }) => was && { ...was, closedAt },
  HubIncidentRead: same,
  InvolvementErased: same,
  InvolvementKeysDestroyed: same,
  IncidentKeyCreated: same,
  InvolvementKeyCreated: same,
}

const rowOf = ({ type, severity, occurredAt, raisedAt, closedAt, parties, involved, position }: Registered) => ({
  type,
  severity,
  state: closedAt === undefined ? ('OPEN' as const) : ('CLOSED' as const),
  occurred_at: occurredAt,
  raised_at: raisedAt,
  closed_at: closedAt ?? null,
  parties,
  involved,
  position,
})
const registeredIn = (row: RowOf<typeof hubRegisterTable>): Registered => ({
  type: row.type,
  severity: row.severity,
  occurredAt: row.occurred_at.toISOString(),
  raisedAt: row.raised_at.toISOString(),
  closedAt: row.closed_at?.toISOString(),
  parties: row.parties,
  involved: row.involved,
  position: BigInt(row.position),
})

/** C39, C40: the incidents of the Hub. Whoever asks of it sees those that they are let at, and no sign of the others. */
export const hubRegister = documentProjection({
  name: 'hub-register',
  concerns: [incidentConcerns.incident],
  table: hubRegisterTable,
  fold: rowEach(hubRegisterTable, { evolve, rowOf, stateOf: registeredIn }),
})
