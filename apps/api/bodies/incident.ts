import { type InvolvementRole, type Severity, involvementRoles, severities } from '#domain/incident/events'
import { type BreachKind, breachKinds } from '#kernel/breach-kinds'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { type IncidentType, incidentTypes } from '#kernel/incident-types'
import { Flag, OneOf, PastInstant, Text, Uuid } from '#nest/fields'

export class IncidentBody {
  @OneOf(incidentTypes) type!: IncidentType
  @OneOf(severities) severity!: Severity
  @PastInstant() occurredAt!: string
  @Text(10_000, { description: 'What happened: sealed under the incident’s own key.' }) narrative!: string
  @Uuid({ optional: true, list: true, max: 20, description: 'Who else is let at it from the start: members of staff, by their staffRef.' })
  parties?: StaffRef[]
  @Flag({ optional: true, description: 'false: whoever raises it is not let at it themselves, and names who is. A machine never is.' })
  asParty?: boolean
  @OneOf(breachKinds, {
    optional: true,
    description: 'Of INFORMATION_GOVERNANCE only, which opens the triage of a breach: CONFIDENTIALITY unless told.',
  })
  breachKind?: BreachKind
}
export class InvolvedBody {
  @OneOf(involvementRoles, { optional: true, description: 'Somebody who has none was not involved, and is not taken in (C39).' })
  role?: InvolvementRole
  @Uuid({ optional: true, description: 'Somebody who uses the service. Either this, or staffRef, or name.' }) subjectRef?: SubjectRef
  @Uuid({ optional: true, description: 'Somebody who works here.' }) staffRef?: StaffRef
  @Text(500, { optional: true, description: 'Anybody else. Sealed under a key of theirs in this incident.' }) name?: string
  @Text(5_000, { optional: true, description: 'What they had to do with it. Sealed under that key, too.' }) words?: string
}
export class PartyBody {
  @Uuid({ description: 'A member of staff.' }) staffRef!: StaffRef
}
export class IncidentClosingBody {
  @Text(10_000, { optional: true, description: 'What came of it: sealed under the incident’s own key.' }) conclusion?: string
}
