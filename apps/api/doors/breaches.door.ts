import { Body, Controller, Param, Query as QueryParams } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags, getSchemaPath } from '@nestjs/swagger'
import { derivedId } from '#commands/ids'
import { breach } from '#domain/breach/breach'
import { type BreachKind, breachKinds } from '#domain/breach/events'
import { type ReportBreach, reportBreach } from '#domain/breach/report-breach'
import { type Category, categories } from '#event-kit/scope'
import type { BreachId } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { Commands, Reads } from '#nest/door'
import { Count, OneOf, PastInstant, Text, Uuid } from '#nest/fields'
import { refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { type BreachRow, findBreach, findBreaches } from '#read-models/breach-register/queries'
import { CommandAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'
import { AfterQuery, PageQuery, cursorOf, page, pageLimit } from '../paging.js'
import { Reading } from '../reading.js'
import { Vault } from '../vault.js'
import { ErasedValue, MaskedValue } from '../values.js'

export class BreachBody {
  @OneOf(breachKinds) kind!: BreachKind
  @PastInstant() discoveredAt!: string
  @PastInstant({ optional: true, description: 'Reasonable certainty that personal data were compromised: starts the 72 hours.' })
  awareAt?: string
  @Text(10_000, { description: 'What happened: sealed under the breach’s own key.' }) summary!: string
  @Uuid({ optional: true, list: true, max: 10_000 }) affected?: string[]
  @Count({ optional: true }) approxPeople?: number
  @Count({ optional: true }) approxRecords?: number
  @OneOf(categories, { list: true }) categories!: Category[]
}
class RegulatorDue {
  @ApiProperty({ format: 'date-time', description: 'Awareness and 72 hours, UTC.' }) target!: string
  @ApiProperty({ format: 'date-time', description: 'The next full hour after awareness and 72 hours, UTC.' }) limit!: string
}
export class BreachAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) breachId!: string
  @ApiProperty({ type: () => RegulatorDue, required: false, description: 'Once there is awareness (UK GDPR Art 33(1)).' })
  regulatorDue?: RegulatorDue
}

export class ReportBreachCommand extends Command<BreachAnswer> {
  constructor(
    readonly body: BreachBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@CommandHandler(ReportBreachCommand)
export class ReportBreachHandler implements ICommandHandler<ReportBreachCommand> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({ body: { summary, affected = [], ...reported }, told }: ReportBreachCommand): Promise<BreachAnswer> {
    const breachId = derivedId(this.desk.commandId(told), 'breach') as BreachId
    const { answer, events } = await this.desk.decide(told, {
      command: 'ReportBreach',
      aggregate: breach,
      id: breachId,
      purpose: 'BREACH_RESPONSE',
      basis: { art6: 'c' },
      decide: () =>
        reportBreach({ ...reported, breachId, affected: affected as unknown as ReportBreach['affected'], summary: Personal.of(summary) }),
    })
    const aware = events.find(({ type }) => type === 'AwarenessEstablished')
    return {
      breachId,
      ...answer,
      ...(aware?.type === 'AwarenessEstablished' ? { regulatorDue: { target: aware.data.target, limit: aware.data.limit } } : {}),
    }
  }
}

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
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Commands({
    path: '',
    creates: true,
    summary: 'Report a breach, or the suspicion of one; never refused (C06, C49)',
    roles: rolesThatMay('REPORT_BREACH', 'COMMAND'),
    underAudit: 'NOT_NEEDED',
    refusals: [],
    answers: BreachAnswer,
  })
  report(@Body() body: BreachBody, @TheRequest() told: RequestFacts) {
    return this.commands.execute(new ReportBreachCommand(body, told))
  }

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
