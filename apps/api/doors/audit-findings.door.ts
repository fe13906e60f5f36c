import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { derivedId } from '#commands/ids'
import {
  type AuditFindingRaised,
  type FindingAnswer,
  type FindingKind,
  type FindingOutcome,
  findingAnswers,
  findingKinds,
  findingOutcomes,
  maxSample,
} from '#domain/audit/events'
import { answerFinding, closeFinding, decidedFindingRefusals, raiseFinding } from '#domain/audit/findings'
import type { DataOfEvent } from '#event-kit/event'
import type { AuditId } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { Commands } from '#nest/door'
import { Checked, Count, OneOf, Text } from '#nest/fields'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { CommandAnswer } from '../answers.js'
import { AuditWork } from '../audit-work.js'
import { CommandDesk } from '../command-desk.js'

type FindingId = DataOfEvent<typeof AuditFindingRaised>['findingId']

export class FindingBody {
  @OneOf(findingKinds) kind!: FindingKind
  @Checked(
    'clause',
    'must be a clause of the notice, such as C31',
    value => typeof value === 'string' && /^C\d{2}$/.test(value),
    { type: 'string', pattern: '^C[0-9]{2}$' },
    { optional: true },
  )
  clause?: string
  @Count({ list: true, optional: true, max: maxSample, description: 'The leaves that it is about, by their index.' }) leaves?: number[]
  @Text(10_000, { description: 'What was found: sealed under the audit’s own key.' }) words!: string
}
export class FindingAnswerBody {
  @OneOf(findingAnswers) answer!: FindingAnswer
  @Text(10_000) words!: string
}
export class FindingClosingBody {
  @OneOf(findingOutcomes) outcome!: FindingOutcome
}
export class FindingCommandAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) findingId!: string
}

export class RaiseFindingCommand extends Command<FindingCommandAnswer> {
  constructor(
    readonly auditId: AuditId,
    readonly body: FindingBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}
@CommandHandler(RaiseFindingCommand)
export class RaiseFindingHandler implements ICommandHandler<RaiseFindingCommand> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly work: AuditWork,
  ) {}

  async execute({ auditId, body: { words, leaves = [], ...raised }, told }: RaiseFindingCommand): Promise<FindingCommandAnswer> {
    const findingId = derivedId(this.desk.commandId(told), 'finding') as FindingId
    const { answer } = await this.work.decide(told, auditId, 'RaiseFinding', (_, now) =>
      raiseFinding({ ...raised, auditId, findingId, leaves, words: Personal.of(words), at: now }),
    )
    return { findingId, ...answer }
  }
}

export class AnswerFindingCommand extends Command<FindingCommandAnswer> {
  constructor(
    readonly auditId: AuditId,
    readonly findingId: FindingId,
    readonly body: FindingAnswerBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}
@CommandHandler(AnswerFindingCommand)
export class AnswerFindingHandler implements ICommandHandler<AnswerFindingCommand> {
  constructor(private readonly work: AuditWork) {}

  async execute({ auditId, findingId, body, told }: AnswerFindingCommand): Promise<FindingCommandAnswer> {
    const { answer } = await this.work.decide(told, auditId, 'AnswerFinding', (_, now) =>
      answerFinding({ auditId, findingId, answer: body.answer, words: Personal.of(body.words), at: now }),
    )
    return { findingId, ...answer }
  }
}

export class CloseFindingCommand extends Command<FindingCommandAnswer> {
  constructor(
    readonly auditId: AuditId,
    readonly findingId: FindingId,
    readonly body: FindingClosingBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}
@CommandHandler(CloseFindingCommand)
export class CloseFindingHandler implements ICommandHandler<CloseFindingCommand> {
  constructor(private readonly work: AuditWork) {}

  async execute({ auditId, findingId, body: { outcome }, told }: CloseFindingCommand): Promise<FindingCommandAnswer> {
    const { answer } = await this.work.decide(told, auditId, 'CloseFinding', (_, now) =>
      closeFinding({ auditId, findingId, outcome, at: now }),
    )
    return { findingId, ...answer }
  }
}

/** An auditor raises and closes findings; the service answers them. */
@ApiTags('audit')
@Controller('audits/:auditId/findings')
export class AuditFindingsController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    creates: true,
    summary: 'Raise a finding',
    roles: rolesThatMay('WORK_ON_AUDIT', 'COMMAND'),
    refusals: ['NOT_FOUND', 'AUDIT_CLOSED'],
    answers: FindingCommandAnswer,
  })
  raise(@Param('auditId', new UuidParam('auditId')) auditId: string, @Body() body: FindingBody, @TheRequest() told: RequestFacts) {
    return this.commands.execute(new RaiseFindingCommand(auditId as AuditId, body, told))
  }

  @Commands({
    path: ':findingId/answer',
    summary: 'Answer a finding, for the service',
    roles: rolesThatMay('ANSWER_FINDING', 'COMMAND'),
    refusals: [...decidedFindingRefusals, 'AUDIT_CLOSED'],
    answers: FindingCommandAnswer,
  })
  answer(
    @Param('auditId', new UuidParam('auditId')) auditId: string,
    @Param('findingId', new UuidParam('findingId')) findingId: string,
    @Body() body: FindingAnswerBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new AnswerFindingCommand(auditId as AuditId, findingId as FindingId, body, told))
  }

  @Commands({
    path: ':findingId/closing',
    summary: 'Close a finding',
    roles: rolesThatMay('WORK_ON_AUDIT', 'COMMAND'),
    refusals: [...decidedFindingRefusals, 'AUDIT_CLOSED'],
    answers: FindingCommandAnswer,
  })
  close(
    @Param('auditId', new UuidParam('auditId')) auditId: string,
    @Param('findingId', new UuidParam('findingId')) findingId: string,
    @Body() body: FindingClosingBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new CloseFindingCommand(auditId as AuditId, findingId as FindingId, body, told))
  }
}
