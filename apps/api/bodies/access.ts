import { type BreakGlassOutcome, breakGlassOutcomes } from '#domain/person/access/events'
import { type GrantKind, type GrantedRole, grantKinds, grantedRoles } from '#domain/staff/grants/events'
import { type TeamPart, teamParts } from '#domain/staff/teams/events'
import type { Id, StaffRef, SubjectRef } from '#kernel/id'
import { Instant, OneOf, PastInstant, Text, Uuid } from '#nest/fields'

export class TeamBody {
  @Uuid({ description: 'The staffRef of whoever leads it: a team leader.' }) leader!: StaffRef
}
export class TeamMemberBody {
  @Uuid() staffRef!: StaffRef
  @OneOf(teamParts, { description: 'LEADER: a team leader. WORKER: an IPS worker.' }) part!: TeamPart
}
export class TeamRemovalBody {
  @Uuid() staffRef!: StaffRef
}
export class TeamEndBody {
  @PastInstant({ optional: true, description: 'Since when; now unless told. Nobody reads anything for it from this command on.' })
  endedAt?: string
}

export class GrantBody {
  @Uuid({ description: 'Whose record it opens.' }) subjectRef!: SubjectRef
  @OneOf(grantKinds, { description: 'What it is needed for.' }) kind!: GrantKind
  @OneOf(grantedRoles, { description: 'In which role they may use it. They see what that role sees.' }) role!: GrantedRole
  @Uuid({ optional: true, description: 'The incident, request or breach that it is for.' }) about?: Id<'GrantedFor'>
  @Instant({ description: 'It opens nothing from then on.' }) until!: string
}

export class RevocationBody {
  @PastInstant({ optional: true, description: 'Since when; now unless told. It opens nothing from this command on.' }) revokedAt?: string
}

export class BreakGlassBody {
  @Text(2_000, { description: 'Why the record has to be opened, and could not wait for a grant.' }) reason!: string
}
export class BreakGlassReviewBody {
  @OneOf(breakGlassOutcomes) outcome!: BreakGlassOutcome
  @Text(5_000) reasons!: string
}

export class ConflictBody {
  @Uuid({ description: 'Who is this person, or is close to them. How is not asked.' }) staffRef!: StaffRef
  @PastInstant({ optional: true, description: 'Since when; now unless told. The record is closed to them with this command.' })
  declaredAt?: string
}
export class ConflictEndBody {
  @Uuid() staffRef!: StaffRef
}
