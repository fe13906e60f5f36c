import { ApiProperty } from '@nestjs/swagger'
import { type Channel, channels } from '#domain/person/channels'
import { contactObstacles } from '#domain/person/contact/events'
import { emergencyOutcomes } from '#domain/person/emergency/events'

/** An event that a command led to. */
export class EventAnswer {
  @ApiProperty({ format: 'uuid' }) id!: string
  @ApiProperty() type!: string
}

/** What every command answers. */
export class CommandAnswer {
  @ApiProperty({ description: 'The stream’s revision after the command: a decimal string, as in the ETag.' }) revision!: string
  @ApiProperty({
    description: 'The log’s position after the command: give it as `after` to a query that has to show the command’s effect.',
  })
  position!: string
  @ApiProperty({ type: () => [EventAnswer] }) events!: readonly EventAnswer[]
}

export class SubjectAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) subjectRef!: string
}

export class ReferralAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) referralId!: string
}

export class JobAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) jobId!: string
}
export class EmployerContactAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) contactId!: string
}

export class FactAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) factId!: string
}

export class PreferencesAnswer extends SubjectAnswer {
  @ApiProperty({
    enum: channels,
    isArray: true,
    description: 'The ways that are left to reach the person by: none, where all are refused.',
  })
  permitted!: readonly Channel[]
}

export class ContactPlanAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) contactId!: string
  @ApiProperty({ enum: contactObstacles, isArray: true, description: 'What the person wished, and it goes ahead against.' })
  despite!: readonly string[]
}
export class ContactAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) contactId!: string
  @ApiProperty({ enum: contactObstacles, isArray: true, description: 'What should have stood in its way: somebody is to look at it.' })
  against!: readonly string[]
}

export class MessageAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) messageId!: string
}
export class MessageHandledAnswer extends MessageAnswer {
  @ApiProperty({ format: 'date', required: false, description: 'Of a request: the last day for the answer, from its arrival on.' })
  due?: string
}

/** What a consent is about. */
export class AboutConsent {
  @ApiProperty() recipient!: string
  @ApiProperty() purpose!: string
}
export class UnchangedConsent extends AboutConsent {
  @ApiProperty({
    enum: ['UNANSWERED', 'OLDER'],
    description: 'OLDER: what the person said after the form was completed stands; the form is on record.',
  })
  because!: 'UNANSWERED' | 'OLDER'
}
export class ConsentFormAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) formId!: string
  @ApiProperty({ type: () => [AboutConsent], description: 'What the person has consented to from now on.' })
  granted!: readonly AboutConsent[]
  @ApiProperty({ type: () => [AboutConsent], description: 'What the person has refused from now on.' }) refused!: readonly AboutConsent[]
  @ApiProperty({ type: () => [UnchangedConsent], description: 'Rows that changed nothing.' }) unchanged!: readonly UnchangedConsent[]
}
export class WithdrawalAnswer extends SubjectAnswer {
  @ApiProperty({
    type: () => [AboutConsent],
    description:
      'The consents that it ended. None: there was none of them, or it was given after the withdrawal. It is on record all the same.',
  })
  withdrawn!: readonly AboutConsent[]
}

export class DisclosureAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) disclosureId!: string
  @ApiProperty({ enum: ['REQUESTED', 'QUEUED'], description: 'QUEUED: on record, and waits to be sent. Nothing has left yet.' })
  state!: 'REQUESTED' | 'QUEUED'
  @ApiProperty({ description: 'Where the proof is to be had that this was recorded: 404 until it is queued, 202 until it is signed.' })
  receipt!: string
}

export class AuthorisationAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) disclosureId!: string
  @ApiProperty({ enum: ['QUEUED', 'REFUSED'] }) state!: 'QUEUED' | 'REFUSED'
}

export class SendingAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) disclosureId!: string
  @ApiProperty({ enum: ['SENT'] }) state!: 'SENT'
  @ApiProperty({ format: 'date-time' }) sentAt!: string
  @ApiProperty({ type: [String], description: 'What somebody is to look at: rules that stood in its way when it was sent.' })
  reviewItems!: readonly string[]
}

export class EmergencyDisclosureAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) disclosureId!: string
  @ApiProperty({ enum: ['SENT'] }) state!: 'SENT'
  @ApiProperty({ format: 'date', description: 'The last day for the Caldicott Guardian’s review, in Europe/London.' }) reviewDue!: string
  @ApiProperty({ description: 'Where the proof is to be had that this was recorded: 202 until it is signed.' }) receipt!: string
}
export class EmergencyReviewAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) disclosureId!: string
  @ApiProperty({ enum: emergencyOutcomes }) outcome!: string
}

export class ErasureRequestAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) requestId!: string
  @ApiProperty({
    format: 'date',
    description: 'The last day for the answer, in Europe/London: one month from receipt (UK GDPR Art 12(3)).',
  })
  due!: string
}

export class ErasureDecisionAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) requestId!: string
  @ApiProperty({ enum: ['APPROVED', 'REFUSED', 'PARTLY'] }) decision!: string
}

export class RegulatorDue {
  @ApiProperty({ format: 'date-time', description: 'Awareness and 72 hours, UTC.' }) target!: string
  @ApiProperty({ format: 'date-time', description: 'The next full hour after awareness and 72 hours, UTC.' }) limit!: string
}

export class BreachAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) breachId!: string
  @ApiProperty({ type: () => RegulatorDue, required: false, description: 'Once there is awareness (UK GDPR Art 33(1)).' })
  regulatorDue?: RegulatorDue
}

export class AwarenessAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) breachId!: string
  @ApiProperty({ type: () => RegulatorDue, description: 'As it stands: from the first moment of awareness that is on record.' })
  regulatorDue!: RegulatorDue
}

export class AuditAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) auditId!: string
}

export class SampleAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) sampleId!: string
  @ApiProperty({ description: 'The size of the signed checkpoint that it will be drawn from.' }) checkpointSize!: number
}

export class DrawnAnswer extends CommandAnswer {
  @ApiProperty({ description: 'How many leaves it was drawn from.' }) population!: number
  @ApiProperty({ type: [Number], description: 'The leaves, by their index.' }) leaves!: readonly number[]
}

export class FindingCommandAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) findingId!: string
}

export class StaffAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid', description: 'The random reference under which events name them.' }) staffRef!: string
}

export class RegistrationAnswer extends StaffAnswer {
  @ApiProperty({ description: 'Whether they also have to be appointed before they may act in this role.' }) appointmentNeeded!: boolean
}

/** Where a case is to be read, by whoever may read it for the purpose. */
export const caseOf = (subjectRef: string, purpose: string) => `/v1/subjects/${subjectRef}/case?purpose=${purpose}`

/** What a command about a person, a member of staff, an audit, a finding answers: its own id. */
export const ofStaff = { answers: StaffAnswer, answer: ({ staffRef }: Pick<StaffAnswer, 'staffRef'>) => ({ staffRef }) }
export const ofSubject = { answers: SubjectAnswer, answer: ({ subjectRef }: Pick<SubjectAnswer, 'subjectRef'>) => ({ subjectRef }) }
export const ofAudit = { answers: AuditAnswer, answer: ({ auditId }: Pick<AuditAnswer, 'auditId'>) => ({ auditId }) }
export const ofFinding = {
  answers: FindingCommandAnswer,
  answer: ({ findingId }: Pick<FindingCommandAnswer, 'findingId'>) => ({ findingId }),
}
