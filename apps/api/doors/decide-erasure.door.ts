import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { derivedId } from '#commands/ids'
import { type DecideErasure, decideErasure, decideErasureRefusals } from '#domain/person/erasure/decide-erasure'
import { type ErasureExemption, erasureExemptions } from '#domain/person/erasure/events'
import { person } from '#domain/person/person'
import { type Scope, scopes } from '#event-kit/scope'
import type { ErasureId, SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { Commands } from '#nest/door'
import { Nested, OneOf, PastInstant, Text } from '#nest/fields'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { SubjectAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'

class ScopeDecisionBody {
  @OneOf(scopes) scope!: Scope
  @OneOf(['ERASED', 'RETAINED']) decision!: 'ERASED' | 'RETAINED'
  @OneOf(erasureExemptions, { optional: true, description: 'Article 17(3), for a scope that is kept.' }) exemption?: ErasureExemption
}
export class ErasureDecisionBody {
  @OneOf(['APPROVED', 'REFUSED', 'PARTLY']) decision!: 'APPROVED' | 'REFUSED' | 'PARTLY'
  @PastInstant({ optional: true, description: 'When the person was told that a full erasure ends the service (C17).' })
  consequenceExplainedAt?: string
  @Nested(() => ScopeDecisionBody, { optional: true, list: true, max: 12, description: 'For PARTLY: each key scope that is decided on.' })
  perScope?: ScopeDecisionBody[]
  @Text(5_000, { optional: true, description: 'Needed where anything is refused.' }) reasons?: string
}
export class ErasureDecisionAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) requestId!: string
  @ApiProperty({ enum: ['APPROVED', 'REFUSED', 'PARTLY'] }) decision!: string
}

export class DecideErasureCommand extends Command<ErasureDecisionAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly requestId: DecideErasure['requestId'],
    readonly body: ErasureDecisionBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@CommandHandler(DecideErasureCommand)
export class DecideErasureHandler implements ICommandHandler<DecideErasureCommand> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({
    subjectRef,
    requestId,
    body: { reasons, perScope = [], ...decision },
    told,
  }: DecideErasureCommand): Promise<ErasureDecisionAnswer> {
    const erasureId = derivedId(this.desk.commandId(told), 'erasure') as ErasureId
    const { answer } = await this.desk.decide(told, {
      command: 'DecideErasure',
      aggregate: person,
      id: subjectRef,
      purpose: 'RIGHTS_FULFILMENT',
      basis: { art6: 'c' },
      decide: () =>
        decideErasure(
          { ...decision, subjectRef, requestId, erasureId, perScope, reasons: reasons === undefined ? undefined : Personal.of(reasons) },
          told.actor,
        ),
    })
    return { subjectRef, requestId, decision: decision.decision, ...answer }
  }
}

@ApiTags('erasure')
@Controller('subjects/:subjectRef/erasure-requests/:requestId/decision')
export class DecideErasureController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    summary: 'Decide a request for erasure; an approval is carried out by itself (C64)',
    roles: rolesThatMay('DECIDE_RIGHTS', 'APPROVE'),
    refusals: decideErasureRefusals,
    answers: ErasureDecisionAnswer,
  })
  decide(
    @Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string,
    @Param('requestId', new UuidParam('requestId')) requestId: string,
    @Body() body: ErasureDecisionBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new DecideErasureCommand(subjectRef as SubjectRef, requestId as DecideErasure['requestId'], body, told))
  }
}
