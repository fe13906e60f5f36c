import { Controller, Query as QueryParams, Req, Res } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RecordedEvent } from '#event-store/event-store'
import { isWithin } from '#domain/audit/audits'
import { Reads } from '#nest/door'
import { Checked, Position, QueryCount } from '#nest/fields'
import { refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { rolesThatMay } from '#policy/capabilities'
import { policyNames } from '#policy/events'
import { CommandDesk } from '../command-desk.js'
import { EventType } from '../event-type.js'
import { History, personOf } from '../history.js'

const id = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
/** What a stream may be called. */
const streamNames = [
  new RegExp(`^(person|breach|staff|audit)-${id}$`),
  new RegExp(`^policy-(${policyNames.join('|')})$`),
  /^(organisation-main|audits-main|ledger-[0-9a-f]{32})$/,
  /^(access|refusal)-[0-9a-f]{8}-[0-9]{8}$/,
]

class HistoryQuery {
  @Checked(
    'stream',
    'must be the name of a stream',
    value => typeof value === 'string' && streamNames.some(names => names.test(value)),
    { type: 'string' },
    { optional: true },
  )
  stream?: string
  @EventType({ optional: true }) type?: string
  @Position({ optional: true, description: 'The cursor: events after this position.' }) after?: string
  @QueryCount({ atLeast: 1, atMost: 1_000, description: 'Events an answer; 100 unless told.' }) limit?: number
}

/** An event as it is stored: clear fields and sealed values, never opened. */
export class StoredEvent {
  @ApiProperty() position!: string
  @ApiProperty() stream!: string
  @ApiProperty() revision!: string
  @ApiProperty() id!: string
  @ApiProperty() type!: string
  @ApiProperty() recordedAt!: string
  @ApiProperty({ type: 'object', additionalProperties: true }) data!: object
  @ApiProperty({ type: 'object', additionalProperties: true }) metadata!: object
}
export class HistoryPage {
  @ApiProperty({ type: () => [StoredEvent] }) items!: readonly StoredEvent[]
  @ApiProperty({ required: false }) next?: string
}

export class ReadHistory extends Query<HistoryPage> {
  constructor(
    readonly query: HistoryQuery,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

const storedEvent = ({ position, stream, revision, id, type, recordedAt, data, metadata }: RecordedEvent): StoredEvent => ({
  position: String(position),
  stream,
  revision: String(revision),
  id,
  type,
  recordedAt,
  data,
  metadata,
})

@QueryHandler(ReadHistory)
export class ReadHistoryHandler implements IQueryHandler<ReadHistory> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly history: History,
  ) {}

  async execute({ query: { stream, type, after, limit = 100 }, told }: ReadHistory): Promise<HistoryPage> {
    const from = after === undefined ? 0n : BigInt(after)
    const { audit } = told
    if (audit && !isWithin(audit, personOf(stream))) throw refusedAs('AUDIT_SCOPE_EXCEEDED')
    const { events, next } = await this.history.page({ stream, type, after: from, limit, within: audit })
    await this.desk.records.accesses.history(told, { stream, type, from: String(from), events: events.length, auditId: audit?.auditId })
    return { items: events.map(storedEvent), ...(next === undefined ? {} : { next: String(next) }) }
  }
}

@ApiTags('audit')
@Controller('events')
export class ReadHistoryController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'The history as it is stored, as JSON or, with Accept: application/x-ndjson, a line an event',
    roles: rolesThatMay('READ_HISTORY', 'READ'),
    underAudit: 'BY_DOOR',
    refusals: [],
    answers: HistoryPage,
    lines: 'An event a line; the next page in the header Link, where there is one.',
  })
  async read(
    @QueryParams() query: HistoryQuery,
    @TheRequest() told: RequestFacts,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HistoryPage | string> {
    const history = await this.queries.execute(new ReadHistory(query, told))
    if (!request.headers.accept?.includes('application/x-ndjson')) return history
    void reply.header('Content-Type', 'application/x-ndjson; charset=utf-8')
    if (history.next !== undefined) {
      const { stream, type, limit } = query
      const next = new URLSearchParams({
        ...(stream ? { stream } : {}),
        ...(type ? { type } : {}),
        ...(limit ? { limit: String(limit) } : {}),
        after: history.next,
      })
      void reply.header('Link', `</v1/events?${next.toString()}>; rel="next"`)
    }
    return history.items.map(event => `${JSON.stringify(event)}\n`).join('')
  }
}
