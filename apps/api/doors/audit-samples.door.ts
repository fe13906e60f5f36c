import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger'
import { derivedId } from '#commands/ids'
import { drawSample, drawSampleRefusals, fixSample } from '#domain/audit/draw-sample'
import { type AuditSampleFixed, maxSample } from '#domain/audit/events'
import type { DataOfEvent } from '#event-kit/event'
import type { AuditId } from '#kernel/id'
import { Commands, Reads } from '#nest/door'
import { Checked, Count, PolicyCode, isPosition } from '#nest/fields'
import { refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { CommandAnswer } from '../answers.js'
import { AuditWork } from '../audit-work.js'
import { CommandDesk } from '../command-desk.js'

type SampleId = DataOfEvent<typeof AuditSampleFixed>['sampleId']

export class SampleBody {
  @Count({ atLeast: 1, atMost: maxSample, description: 'How many are drawn.' }) size!: number
  @PolicyCode({ optional: true, description: 'Of one event type only, such as DataShared.' }) type?: string
}
export class SampleAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) sampleId!: string
  @ApiProperty({ description: 'The size of the signed checkpoint that it will be drawn from.' }) checkpointSize!: number
}
export class FixSampleCommand extends Command<SampleAnswer> {
  constructor(
    readonly auditId: AuditId,
    readonly body: SampleBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}
@CommandHandler(FixSampleCommand)
export class FixSampleHandler implements ICommandHandler<FixSampleCommand> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly work: AuditWork,
  ) {}

  async execute({ auditId, body: { size: wanted, type }, told }: FixSampleCommand): Promise<SampleAnswer> {
    const sampleId = derivedId(this.desk.commandId(told), 'sample') as SampleId
    const checkpointSize = await this.work.checkpointSize()
    const { answer } = await this.work.decide(told, auditId, 'FixSample', (_, now) =>
      fixSample({ auditId, sampleId, checkpointSize, type, wanted, at: now }),
    )
    const fixed = (await this.work.work(auditId)).samples.get(sampleId)
    return { sampleId, checkpointSize: fixed?.checkpointSize ?? checkpointSize, ...answer }
  }
}

export class SeedBody {
  @Checked('seed', 'must be 64 hexadecimal digits, in lower case', value => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value), {
    type: 'string',
    pattern: '^[0-9a-f]{64}$',
    description: 'Thrown by the auditor, after the sample was fixed.',
  })
  seed!: string
}
export class DrawnAnswer extends CommandAnswer {
  @ApiProperty({ description: 'How many leaves it was drawn from.' }) population!: number
  @ApiProperty({ type: [Number], description: 'The leaves, by their index.' }) leaves!: readonly number[]
}
export class DrawSampleCommand extends Command<DrawnAnswer> {
  constructor(
    readonly auditId: AuditId,
    readonly sampleId: SampleId,
    readonly body: SeedBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}
@CommandHandler(DrawSampleCommand)
export class DrawSampleHandler implements ICommandHandler<DrawSampleCommand> {
  constructor(private readonly work: AuditWork) {}

  async execute({ auditId, sampleId, body: { seed }, told }: DrawSampleCommand): Promise<DrawnAnswer> {
    const [mandate, { samples }] = await Promise.all([this.work.mandate(auditId), this.work.work(auditId)])
    const sample = samples.get(sampleId)
    if (!sample) throw refusedAs('NOT_FOUND')
    const { population, leaves } = sample.drawn ?? (await this.work.drawn(mandate, sample, seed))
    const { answer } = await this.work.decide(told, auditId, 'DrawSample', (_, now) =>
      drawSample({ auditId, sampleId, seed, population, leaves, at: now }),
    )
    return { population, leaves, ...answer }
  }
}

class Evidence {
  @ApiProperty({ description: 'The field that names it.' }) name!: string
  @ApiProperty() eventId!: string
  @ApiProperty({ required: false, description: 'Its .tlog-proof, once a checkpoint covers it.' }) proof?: string | undefined
}
/** What an auditor looks at: the rule, the versions of the policies, what it rests on, and the proof. Sealed values stay sealed. */
export class SheetAnswer {
  @ApiProperty() index!: number
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The header of the leaf.' }) header!: object
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'By which command, purpose, lawful basis, and versions of notice and policies it was decided, and by whom.',
  })
  rule!: object
  @ApiProperty({ type: () => [Evidence], description: 'The events that it rests on.' }) evidence!: readonly Evidence[]
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'What was stored; missing where the event store no longer has it.',
  })
  stored?: object | undefined
  @ApiProperty({ required: false, description: 'Its .tlog-proof.' }) proof?: string | undefined
}
export class GetSheet extends Query<SheetAnswer> {
  constructor(
    readonly auditId: AuditId,
    readonly sampleId: string,
    readonly index: number,
  ) {
    super()
  }
}
@QueryHandler(GetSheet)
export class GetSheetHandler implements IQueryHandler<GetSheet> {
  constructor(private readonly work: AuditWork) {}
  execute({ auditId, sampleId, index }: GetSheet): Promise<SheetAnswer> {
    return this.work.sheet(auditId, sampleId, index)
  }
}

/**
 * A sample that nobody can have arranged: what it is drawn from is signed before its seed is known, and anybody with the seed draws the
 * same.
 */
@ApiTags('audit')
@Controller('audits/:auditId/samples')
export class AuditSamplesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Commands({
    path: '',
    creates: true,
    summary: 'Fix what a sample is drawn from: the newest signed checkpoint',
    roles: rolesThatMay('WORK_ON_AUDIT', 'COMMAND'),
    refusals: ['NOT_FOUND', 'AUDIT_CLOSED', 'NOTHING_SIGNED'],
    answers: SampleAnswer,
  })
  fix(@Param('auditId', new UuidParam('auditId')) auditId: string, @Body() body: SampleBody, @TheRequest() told: RequestFacts) {
    return this.commands.execute(new FixSampleCommand(auditId as AuditId, body, told))
  }

  @Commands({
    path: ':sampleId/seed',
    summary: 'Draw it, by a seed that the auditor has thrown since',
    roles: rolesThatMay('WORK_ON_AUDIT', 'COMMAND'),
    refusals: [...drawSampleRefusals, 'AUDIT_CLOSED', 'NOTHING_SIGNED'],
    answers: DrawnAnswer,
  })
  draw(
    @Param('auditId', new UuidParam('auditId')) auditId: string,
    @Param('sampleId', new UuidParam('sampleId')) sampleId: string,
    @Body() body: SeedBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new DrawSampleCommand(auditId as AuditId, sampleId as SampleId, body, told))
  }

  @Reads({
    path: ':sampleId/items/:index',
    summary: 'The sheet of a leaf that was drawn',
    roles: rolesThatMay('READ_AUDIT', 'READ'),
    refusals: ['NOT_FOUND'],
    answers: SheetAnswer,
  })
  sheet(
    @Param('auditId', new UuidParam('auditId')) auditId: string,
    @Param('sampleId', new UuidParam('sampleId')) sampleId: string,
    @Param('index') index: string,
  ) {
    if (!isPosition(index)) throw refusedAs('INVALID_REQUEST', [{ field: 'index', rule: 'must be the index of a leaf: a decimal number' }])
    return this.queries.execute(new GetSheet(auditId as AuditId, sampleId, Number(index)))
  }
}
