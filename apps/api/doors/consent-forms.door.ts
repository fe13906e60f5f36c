import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { Equals } from 'class-validator'
import { derivedId } from '#commands/ids'
import { type ConsentMethod, type FormType, consentMethods, formTypes } from '#domain/person/consent/events'
import { type RecordConsentForm, recordConsentForm, recordConsentFormRefusals } from '#domain/person/consent/record-consent-form'
import { person } from '#domain/person/person'
import { categories } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import type { JsonObject } from '#kernel/json'
import { Personal } from '#kernel/personal'
import { Commands } from '#nest/door'
import { AnyObject, Flag, Instant, Nested, OneOf, PastInstant, PolicyCode, Text, Uuid } from '#nest/fields'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { SubjectAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'

class ConsentRow {
  @PolicyCode() recipient!: string
  @PolicyCode() purpose!: string
  @PolicyCode({ list: true, known: categories }) categories!: string[]
  @OneOf(['YES', 'NO', 'UNANSWERED']) decision!: 'YES' | 'NO' | 'UNANSWERED'
  @Instant({ optional: true }) validUntil?: string
}

/** Catalogue §1.5. What is optional here is kept, sealed, as evidence of the form. */
export class ConsentFormBody {
  @OneOf(formTypes, { optional: true, description: 'SHARING unless told.' }) formType?: FormType
  @PolicyCode({ description: 'SCF-1 is the sharing form of the default pack, PHE-1 its PHE form.' }) formVersion!: string
  @PastInstant() completedAt!: string
  @OneOf(consentMethods) method!: ConsentMethod
  @Text(200, { optional: true, description: 'Who witnessed a consent by word of mouth.' }) witness?: string
  @Nested(() => ConsentRow, { list: true, max: 50 }) rows!: ConsentRow[]
  @Uuid({ optional: true }) formId?: string
  @PolicyCode({ optional: true }) noticeVersion?: string
  @Text(200, { optional: true }) completedWith?: string
  @Uuid({ optional: true }) evidenceBlobId?: string
  @Text(2_000, { optional: true }) capacityStatement?: string
  @Text(100, { optional: true }) language?: string
  @Text(200, { optional: true }) interpreter?: string
  @AnyObject({ optional: true, list: true, max: 20 }) contactPreferences?: JsonObject[]
  @Text(2_000, { optional: true }) communicationNeeds?: string
  @Flag({ optional: true })
  @Equals(true, { message: 'must be true: a person has to know that they can withdraw' })
  withdrawalExplained?: boolean
  @Flag({ optional: true })
  @Equals(true, { message: 'must be true: consent is free only where refusing changes nothing' })
  refusingDoesNotAffectService?: boolean
}

export class ConsentFormAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) formId!: string
}

export class RecordConsentFormCommand extends Command<ConsentFormAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly body: ConsentFormBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@CommandHandler(RecordConsentFormCommand)
export class RecordConsentFormHandler implements ICommandHandler<RecordConsentFormCommand> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({ subjectRef, body, told }: RecordConsentFormCommand): Promise<ConsentFormAnswer> {
    const formId = (body.formId ?? derivedId(this.desk.commandId(told), 'form')) as RecordConsentForm['formId']
    const { formType = 'SHARING', formVersion, completedAt, method, witness, rows } = body
    const { answer } = await this.desk.decide(told, {
      command: 'RecordConsentForm',
      aggregate: person,
      id: subjectRef,
      purpose: 'SERVICE_PROVISION',
      basis: { art6: 'f' },
      decide: policy =>
        recordConsentForm(
          {
            subjectRef,
            formId,
            form: formType,
            formVersion,
            completedAt,
            method,
            witnessed: witness !== undefined,
            rows,
            evidence: evidenceOf(body),
          },
          { formVersions: policy.formVersions, recipients: new Set(policy.rows.keys()), purposes: new Set(policy.purposes.keys()) },
        ),
    })
    return { subjectRef, formId, ...answer }
  }
}

function evidenceOf({
  witness,
  noticeVersion,
  completedWith,
  evidenceBlobId,
  capacityStatement,
  language,
  interpreter,
  contactPreferences,
  communicationNeeds,
}: ConsentFormBody): Personal<JsonObject> | undefined {
  const given = Object.entries({
    witness,
    noticeVersion,
    completedWith,
    evidenceBlobId,
    capacityStatement,
    language,
    interpreter,
    contactPreferences,
    communicationNeeds,
  }).filter((entry): entry is [string, NonNullable<(typeof entry)[1]>] => entry[1] !== undefined)
  return given.length === 0 ? undefined : Personal.of<JsonObject>(Object.fromEntries(given))
}

@ApiTags('consent')
@Controller('subjects/:subjectRef/consent-forms')
export class RecordConsentFormController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    creates: true,
    summary: 'Record a consent form: one consent or refusal for each answered row (C31, C35)',
    roles: rolesThatMay('RECORD_CONSENT', 'COMMAND'),
    refusals: recordConsentFormRefusals,
    answers: ConsentFormAnswer,
  })
  record(
    @Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string,
    @Body() body: ConsentFormBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new RecordConsentFormCommand(subjectRef as SubjectRef, body, told))
  }
}
