import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { type AuthoriseDisclosure, authoriseDisclosure, authoriseDisclosureRefusals } from '#domain/person/disclosure/authorise-disclosure'
import { person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { Commands } from '#nest/door'
import { OneOf, Text } from '#nest/fields'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { SubjectAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'
import { sharingFacts } from './share-data.door.js'

export class AuthorisationBody {
  @OneOf(['AUTHORISED', 'REFUSED']) decision!: 'AUTHORISED' | 'REFUSED'
  @Text(2_000, { optional: true }) reasons?: string
}
export class AuthorisationAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) disclosureId!: string
  @ApiProperty({ enum: ['SENT', 'REFUSED'] }) state!: 'SENT' | 'REFUSED'
}

export class AuthoriseDisclosureCommand extends Command<AuthorisationAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly disclosureId: AuthoriseDisclosure['disclosureId'],
    readonly body: AuthorisationBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@CommandHandler(AuthoriseDisclosureCommand)
export class AuthoriseDisclosureHandler implements ICommandHandler<AuthoriseDisclosureCommand> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({ subjectRef, disclosureId, body: { decision, reasons }, told }: AuthoriseDisclosureCommand): Promise<AuthorisationAnswer> {
    const { answer } = await this.desk.decide(told, {
      command: 'AuthoriseDisclosure',
      aggregate: person,
      id: subjectRef,
      purpose: 'SERVICE_PROVISION',
      basis: { art6: 'f' },
      decide: (policy, now) =>
        authoriseDisclosure(
          { subjectRef, disclosureId, decision, reasons: reasons === undefined ? undefined : Personal.of(reasons) },
          told.actor,
          sharingFacts(policy, now),
        ),
    })
    return { subjectRef, disclosureId, state: decision === 'REFUSED' ? 'REFUSED' : 'SENT', ...answer }
  }
}

@ApiTags('disclosure')
@Controller('subjects/:subjectRef/disclosures/:disclosureId/authorisation')
export class AuthoriseDisclosureController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    summary: 'Authorise or refuse a requested disclosure; never one’s own',
    roles: rolesThatMay(['AUTHORISE_DISCLOSURE_ROUTINE', 'AUTHORISE_DISCLOSURE_LEGAL', 'AUTHORISE_DISCLOSURE_WITHHELD'], 'APPROVE'),
    refusals: authoriseDisclosureRefusals,
    answers: AuthorisationAnswer,
  })
  decide(
    @Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string,
    @Param('disclosureId', new UuidParam('disclosureId')) disclosureId: string,
    @Body() body: AuthorisationBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(
      new AuthoriseDisclosureCommand(subjectRef as SubjectRef, disclosureId as AuthoriseDisclosure['disclosureId'], body, told),
    )
  }
}
