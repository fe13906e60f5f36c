import { Controller, Query as QueryParams } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags, getSchemaPath } from '@nestjs/swagger'
import { breach } from '#domain/breach/breach'
import { answerClass } from '#nest/answer-class'
import { Reads } from '#nest/door'
import { OneOf } from '#nest/fields'
import { equals, listOf } from '#nest/list-of'
import { AfterQuery } from '#nest/paging'
import { refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { Opening } from '#opening/opening'
import { rolesThatMay } from '#policy/capabilities'
import { answerOf } from '#projections/answer'
import { readRow } from '#projections/postgres/read-rows'
import type { RowOf } from '#projections/table'
import { breachRegister } from '#read-models/breach-register/projection'
import { affectedTable, breachTable } from '#read-models/breach-register/table'
import { CommandDesk } from '../command-desk.js'
import { Reading } from '../reading.js'
import { ErasedValue, MaskedValue, shownAs } from '../values.js'

export const breachList = listOf({
  operation: 'Breaches.list',
  tag: 'breach',
  path: 'breaches',
  summary: 'The breach register',
  capability: 'RESPOND_TO_BREACH',
  projection: breachRegister,
  table: breachTable,
  filters: {
    state: equals(
      'state',
      OneOf(breachTable.columns.state.oneOf, { optional: true, description: 'Awareness is a track of its own: see awareAt.' }),
    ),
  },
})

export const affectedList = listOf({
  operation: 'BreachAffected.list',
  tag: 'breach',
  path: 'breaches/:breachId/affected',
  summary: 'The people on record whom a breach affects, a page at a time',
  capability: 'RESPOND_TO_BREACH',
  of: breach,
  projection: breachRegister,
  table: affectedTable,
})

export class BreachView extends answerClass(breachTable) {
  @ApiProperty({ oneOf: [{ type: 'string' }, { $ref: getSchemaPath(MaskedValue) }, { $ref: getSchemaPath(ErasedValue) }] }) summary!:
    string | MaskedValue | ErasedValue
}

export class GetBreach extends Query<BreachView> {
  constructor(
    readonly breachId: string,
    readonly after: string | undefined,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@QueryHandler(GetBreach)
export class GetBreachHandler implements IQueryHandler<GetBreach> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly reading: Reading,
    private readonly opening: Opening,
  ) {}

  async execute({ breachId, after, told }: GetBreach): Promise<BreachView> {
    const { position } = await this.desk.folds.load(breach, breachId)
    if (position === undefined) throw refusedAs('NOT_FOUND')
    const find = () => readRow(this.reading.sql, breachTable, breachId)
    const { found: row } = await this.reading.ofOne(breachRegister.name, `breach-${breachId}`, position, after, find)
    if (!row) throw refusedAs('NOT_FOUND')
    return { ...answerOf(breachTable, row), summary: await this.#summary(row, told) }
  }

  async #summary({ breach_id: id, summary }: RowOf<typeof breachTable>, told: RequestFacts): Promise<BreachView['summary']> {
    const asked = { subject: { kind: 'breach', id }, purpose: 'BREACH_RESPONSE', what: 'BREACH' } as const
    const words = [{ sealed: summary ?? undefined, scope: 'NARR', declared: ['BreachReported|summary'] }] as const
    const [shown] = await this.opening.words(told, 'RESPOND_TO_BREACH', asked, words)
    return shownAs(shown ?? 'erased') as BreachView['summary']
  }
}

/** An auditor's read of one stands on record as `Breaches.one`. */
@ApiTags('breach')
@Controller('breaches')
export class BreachesController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: ':breachId',
    summary: 'One breach',
    roles: rolesThatMay('RESPOND_TO_BREACH', 'READ'),
    refusals: ['NOT_FOUND'],
    answers: BreachView,
  })
  one(@IdInPath('breachId') breachId: string, @QueryParams() query: AfterQuery, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetBreach(breachId, query.after, told))
  }
}
