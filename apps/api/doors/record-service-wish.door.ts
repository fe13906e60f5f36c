import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import { derivedId } from '#commands/ids'
import { type Channel, channels } from '#domain/person/channels'
import { recordServiceWish, recordServiceWishRefusals } from '#domain/person/intake/record-service-wish'
import { person } from '#domain/person/person'
import type { ErasureId, SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { Commands } from '#nest/door'
import { OneOf, Text } from '#nest/fields'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { SubjectAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'

export class ServiceWishBody {
  @OneOf(['WANTED', 'DECLINED']) outcome!: 'WANTED' | 'DECLINED'
  @OneOf(['PERSON', 'REFERRER', 'OTHER'], { optional: true, description: 'Only a no of the person’s own erases. PERSON unless told.' })
  declinedBy?: 'PERSON' | 'REFERRER' | 'OTHER'
  @OneOf(channels) channel!: Channel
  @Text(2_000, { optional: true }) note?: string
}

export class RecordServiceWishCommand extends Command<SubjectAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly body: ServiceWishBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@CommandHandler(RecordServiceWishCommand)
export class RecordServiceWishHandler implements ICommandHandler<RecordServiceWishCommand> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({
    subjectRef,
    body: { outcome, declinedBy = 'PERSON', channel, note },
    told,
  }: RecordServiceWishCommand): Promise<SubjectAnswer> {
    const erasureId = derivedId(this.desk.commandId(told), 'erasure') as ErasureId
    const { answer } = await this.desk.decide(told, {
      command: 'RecordServiceWish',
      aggregate: person,
      id: subjectRef,
      purpose: 'REFERRAL_INTAKE',
      basis: { art6: 'f', art9: '9-2-h', sch1: 'para-2' },
      decide: () =>
        recordServiceWish({
          subjectRef,
          outcome,
          declinedBy,
          channel,
          note: note === undefined ? undefined : Personal.of(note),
          erasureId,
        }),
    })
    return { subjectRef, ...answer }
  }
}

@ApiTags('intake')
@Controller('subjects/:subjectRef/service-wish')
export class RecordServiceWishController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    summary: 'Record whether the person wants the service; their own no erases (C12, C13)',
    roles: rolesThatMay('RECORD_SERVICE_WISH', 'COMMAND'),
    refusals: recordServiceWishRefusals,
    answers: SubjectAnswer,
  })
  record(
    @Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string,
    @Body() body: ServiceWishBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new RecordServiceWishCommand(subjectRef as SubjectRef, body, told))
  }
}
