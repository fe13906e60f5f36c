import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { derivedId } from '#commands/ids'
import { type Channel, channels } from '#domain/person/channels'
import { type ErasureGround, erasureGrounds } from '#domain/person/erasure/events'
import { type RequestErasure, requestErasure, requestErasureRefusals } from '#domain/person/erasure/request-erasure'
import { person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { Commands } from '#nest/door'
import { OneOf, PastInstant, Text, Uuid } from '#nest/fields'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { SubjectAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'

export class ErasureRequestBody {
  @OneOf(channels) channel!: Channel
  @PastInstant() receivedAt!: string
  @OneOf(erasureGrounds, { description: 'Article 17(1)(a) to (f).' }) grounds!: ErasureGround
  @Text(5_000, { description: 'What the person said: kept sealed, as evidence.' }) words!: string
  @Uuid({ optional: true, list: true, max: 20, description: 'Staff whom the request concerns: they do not decide it.' })
  concernsStaff?: string[]
}
export class ErasureRequestAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) requestId!: string
  @ApiProperty({
    format: 'date',
    description: 'The last day for the answer, in Europe/London: one month from receipt (UK GDPR Art 12(3)).',
  })
  due!: string
}

export class RequestErasureCommand extends Command<ErasureRequestAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly body: ErasureRequestBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@CommandHandler(RequestErasureCommand)
export class RequestErasureHandler implements ICommandHandler<RequestErasureCommand> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({
    subjectRef,
    body: { words, concernsStaff = [], ...request },
    told,
  }: RequestErasureCommand): Promise<ErasureRequestAnswer> {
    const requestId = derivedId(this.desk.commandId(told), 'request') as RequestErasure['requestId']
    const { answer, events } = await this.desk.decide(told, {
      command: 'RequestErasure',
      aggregate: person,
      id: subjectRef,
      purpose: 'RIGHTS_FULFILMENT',
      basis: { art6: 'c' },
      decide: policy =>
        requestErasure(
          {
            ...request,
            requestId,
            subjectRef,
            words: Personal.of(words),
            concernsStaff: concernsStaff as unknown as RequestErasure['concernsStaff'],
          },
          policy.calendar,
        ),
    })
    const requested = events.find(({ type }) => type === 'ErasureRequested')
    return { subjectRef, requestId, due: requested?.type === 'ErasureRequested' ? requested.data.due : '', ...answer }
  }
}

@ApiTags('erasure')
@Controller('subjects/:subjectRef/erasure-requests')
export class RequestErasureController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    creates: true,
    summary: 'Receive a request for erasure, in whatever form it came; never refused for the state of the record (C64)',
    roles: rolesThatMay('RECEIVE_RIGHTS_REQUEST', 'COMMAND'),
    underAudit: 'NOT_NEEDED',
    refusals: requestErasureRefusals,
    answers: ErasureRequestAnswer,
  })
  request(
    @Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string,
    @Body() body: ErasureRequestBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new RequestErasureCommand(subjectRef as SubjectRef, body, told))
  }
}
