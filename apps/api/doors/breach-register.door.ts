import { Controller, Param, Query as QueryParams } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags, getSchemaPath } from '@nestjs/swagger'
import { breach } from '#domain/breach/breach'
import { Reads } from '#nest/door'
import { OneOf } from '#nest/fields'
import { refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { type BreachRow, findBreach, findBreaches } from '#read-models/breach-register/queries'
import { RegulatorDue } from '../answers.js'
import { CommandDesk } from '../command-desk.js'
import { AfterQuery, PageQuery, cursorOf, page, pageLimit } from '#nest/paging'
import { Reading } from '../reading.js'
import { Vault } from '../vault.js'
import { ErasedValue, MaskedValue } from '../values.js'

class BreachesQuery extends PageQuery {
  @OneOf(['REPORTED', 'CLOSED'], { optional: true, description: 'Awareness is a track of its own: see awareAt.' }) state?: string
}
export class BreachItem {
  @ApiProperty() breachId!: string
  @ApiProperty({ enum: ['REPORTED', 'CLOSED'] }) state!: string
  @ApiProperty() kind!: string
  @ApiProperty() discoveredAt!: string
  @ApiProperty({ required: false }) awareAt?: string
  @ApiProperty({ type: () => RegulatorDue, required: false }) regulatorDue?: RegulatorDue
  @ApiProperty({ type: [String], description: 'References of the people affected, as far as they are known.' }) affected!: readonly string[]
  @ApiProperty({ required: false }) approxPeople?: number
  @ApiProperty({ required: false }) approxRecords?: number
  @ApiProperty({ type: [String] }) categories!: readonly string[]
  @ApiProperty() reportedBy!: string
  @ApiProperty() reportedAt!: string
}
export class BreachView extends BreachItem {
  @ApiProperty({ oneOf: [{ type: 'string' }, { $ref: getSchemaPath(MaskedValue) }, { $ref: getSchemaPath(ErasedValue) }] }) summary!:
    string | MaskedValue | ErasedValue
}
export class BreachPage {
  @ApiProperty({ type: () => [BreachItem] }) items!: readonly BreachItem[]
  @ApiProperty({ required: false }) next?: string
}

const itemOf = (row: BreachRow): BreachItem => ({
  breachId: row.breach_id,
  state: row.state,
  kind: row.kind,
  discoveredAt: row.discovered_at.toISOString(),
  affected: row.affected,
  categories: row.categories,
  reportedBy: row.reported_by,
  reportedAt: row.reported_at.toISOString(),
  ...(row.aware_at ? { awareAt: row.aware_at.toISOString() } : {}),
  ...(row.target && row.due_limit ? { regulatorDue: { target: inSeconds(row.target), limit: inSeconds(row.due_limit) } } : {}),
  ...(row.approx_people === null ? {} : { approxPeople: row.approx_people }),
  ...(row.approx_records === null ? {} : { approxRecords: row.approx_records }),
})
/** As the answer to the report said it: whole seconds without a fraction. */
const inSeconds = (date: Date) => date.toISOString().replace('.000Z', 'Z')

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
    const row = await this.reading.ofOne('breach-register', `breach-${breachId}`, position, after, () =>
      findBreach(this.reading.sql, breachId),
    )
    if (!row) throw refusedAs('NOT_FOUND')
    return { ...itemOf(row), summary: await this.#summary(row, told) }
  }

  /** Auditors never hold decryption. */
  async #summary({ breach_id, summary }: BreachRow, told: RequestFacts): Promise<BreachView['summary']> {
    if (!summary) return { erased: true }
    if (told.actor.role === 'auditor') return { masked: true }
    await this.desk.records.access(told, 'BREACH_RESPONSE', breach_id, 'BREACH', [])
    const [opened] = await this.vault.keys.open([{ subject: breach_id, sealed: summary, declared: ['BreachReported|summary'] }])
    return opened === undefined || opened === 'erased' ? { erased: true } : (opened.known as string)
  }
}

export class ListBreaches extends Query<BreachPage> {
  constructor(readonly query: BreachesQuery) {
    super()
  }
}

@QueryHandler(ListBreaches)
export class ListBreachesHandler implements IQueryHandler<ListBreaches> {
  constructor(private readonly reading: Reading) {}

  async execute({ query }: ListBreaches): Promise<BreachPage> {
    await this.reading.upTo('breach-register', query.after)
    const limit = pageLimit(query)
    const rows = await findBreaches(this.reading.sql, { state: query.state, after: cursorOf(query), limit: limit + 1 })
    return page(rows, limit, itemOf)
  }
}

@ApiTags('breach')
@Controller('breaches')
export class BreachesController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({ path: '', summary: 'The breach register', roles: rolesThatMay('RESPOND_TO_BREACH', 'READ'), refusals: [], answers: BreachPage })
  list(@QueryParams() query: BreachesQuery) {
    return this.queries.execute(new ListBreaches(query))
  }

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
