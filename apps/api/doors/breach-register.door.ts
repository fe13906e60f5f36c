import { Controller, Param, Query as QueryParams } from '@nestjs/common'
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
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { answerOf } from '#projections/answer'
import { readRow } from '#projections/postgres/read-rows'
import type { RowOf } from '#projections/table'
import { breachRegister } from '#read-models/breach-register/projection'
import { breachTable } from '#read-models/breach-register/table'
import { CommandDesk } from '../command-desk.js'
import { Reading } from '../reading.js'
import { Vault } from '../vault.js'
import { ErasedValue, MaskedValue } from '../values.js'

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
    private readonly vault: Vault,
  ) {}

  async execute({ breachId, after, told }: GetBreach): Promise<BreachView> {
    const { position } = await this.desk.folds.load(breach, breachId)
    if (position === undefined) throw refusedAs('NOT_FOUND')
    const find = () => readRow(this.reading.sql, breachTable, breachId)
    const row = await this.reading.ofOne(breachRegister.name, `breach-${breachId}`, position, after, find)
    if (!row) throw refusedAs('NOT_FOUND')
    return { ...answerOf(breachTable, row), summary: await this.#summary(row, told) }
  }

  /** Auditors never hold decryption. */
  async #summary({ breach_id, summary }: RowOf<typeof breachTable>, told: RequestFacts): Promise<BreachView['summary']> {
    if (!summary) return { erased: true }
    if (told.actor.role === 'auditor') return { masked: true }
    await this.desk.records.access(told, 'BREACH_RESPONSE', breach_id, 'BREACH', [])
    const [opened] = await this.vault.keys.open([{ subject: breach_id, sealed: summary, declared: ['BreachReported|summary'] }])
    return opened === undefined || opened === 'erased' ? { erased: true } : (opened.known as string)
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
  one(@Param('breachId', new UuidParam('breachId')) breachId: string, @QueryParams() query: AfterQuery, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetBreach(breachId, query.after, told))
  }
}
