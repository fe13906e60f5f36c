import { type Channel, channels } from '#domain/person/channels'
import {
  type ContactOutcome,
  type JobEnding,
  type ServiceEnding,
  type SustainedProof,
  contactOutcomes,
  jobEndings,
  serviceEndings,
  sustainedProofs,
} from '#domain/person/episode/events'
import type { StaffRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { DateOnly, OneOf, PastInstant, Text, Uuid } from '#nest/fields'
import { Line } from '#nest/personal-fields'

export class WorkerBody {
  @Uuid({ description: 'The staffRef of somebody who is registered as ips-worker.' }) workerId!: StaffRef
}
export class EmployerContactBody {
  @OneOf(channels) channel!: Channel
  @OneOf(contactOutcomes) outcome!: ContactOutcome
  @PastInstant() contactedAt!: string
  @Line(200) employer!: string
  @Text(2_000, { optional: true }) note?: string
}
export class JobBody {
  @DateOnly({ description: 'The first day of work.' }) startedOn!: string
  @Line(200) employer!: string
  @Line(200, { optional: true }) jobTitle?: string
}
export class JobEndBody {
  @DateOnly({ description: 'The last day of work.' }) endedOn!: string
  @OneOf(jobEndings) reason!: JobEnding
}
export class JobSustainedBody {
  @OneOf(sustainedProofs, { description: 'How it was made sure of.' }) shownBy!: SustainedProof
}
export class ServiceEndBody {
  @DateOnly({ description: 'The last day on which the service was used: ten years count from it.' }) endedOn!: string
  @OneOf(serviceEndings) reason!: ServiceEnding
  @Text(5_000, { optional: true }) narrative?: string
}
export class ReopeningBody {
  @PastInstant({ optional: true, description: 'Since when the service is used again; now unless told.' }) reopenedAt?: string
}

/** What is said of employers and of how it went is sealed. */
export const contactIn = ({ employer, note, ...body }: EmployerContactBody) => ({
  ...body,
  employer: Personal.of(employer),
  note: Personal.given(note),
})
export const jobIn = ({ startedOn, employer, jobTitle }: JobBody) => ({
  startedOn,
  employer: Personal.of(employer),
  jobTitle: Personal.given(jobTitle),
})
export const endingIn = ({ narrative, ...body }: ServiceEndBody) => ({ ...body, narrative: Personal.given(narrative) })
