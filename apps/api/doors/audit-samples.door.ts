import { Controller, Param } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger'
import type { AuditId } from '#kernel/id'
import { Reads } from '#nest/door'
import { isPosition } from '#nest/fields'
import { refusedAs } from '#nest/problems'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { AuditWork } from '../audit-work.js'

class Evidence {
  @ApiProperty({ description: 'The field that names it.' }) name!: string
  @ApiProperty() eventId!: string
  @ApiProperty({ type: String, required: false, description: 'Its .tlog-proof, once a checkpoint covers it.' }) proof?: string | undefined
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
  @ApiProperty({ type: String, required: false, description: 'Its .tlog-proof.' }) proof?: string | undefined
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
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: ':sampleId/items/:index',
    summary: 'The sheet of a leaf that was drawn',
    roles: rolesThatMay('READ_AUDIT', 'READ'),
    refusals: ['NOT_FOUND'],
    answers: SheetAnswer,
  })
  sheet(@IdInPath('auditId') auditId: AuditId, @IdInPath('sampleId') sampleId: string, @Param('index') index: string) {
    if (!isPosition(index)) throw refusedAs('INVALID_REQUEST', [{ field: 'index', rule: 'must be the index of a leaf: a decimal number' }])
    return this.queries.execute(new GetSheet(auditId, sampleId, Number(index)))
  }
}
