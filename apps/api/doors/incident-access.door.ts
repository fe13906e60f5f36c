import { Controller, Query as QueryParams } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { groundFor, incident } from '#domain/incident/incident'
import type { HubIncidentRead } from '#domain/incident/events'
import type { DataOfEvent } from '#event-kit/event'
import { answerClass } from '#nest/answer-class'
import { Reads } from '#nest/door'
import { AfterQuery, AsOf } from '#nest/paging'
import { TheRequest, type RequestFacts } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { incidentReachOf } from '#policy/incident-reach'
import { answerOf } from '#projections/answer'
import { hubDeniedReads } from '#read-models/hub-denied-reads/projection'
import { hubDeniedTable } from '#read-models/hub-denied-reads/table'
import { CommandDesk } from '../command-desk.js'
import { History } from '../history.js'
import { Reading } from '../reading.js'

export class IncidentReading {
  @ApiProperty({ format: 'uuid' }) staffRef!: string
  @ApiProperty() role!: string
  @ApiProperty({ enum: ['PARTY', 'ROLE'], description: 'PARTY: they were an interested party when they read it.' }) ground!: string
  @ApiProperty({ format: 'date-time' }) at!: string
}
export class IncidentDenial extends answerClass(hubDeniedTable) {}
export class IncidentAccess {
  @ApiProperty({ type: () => [IncidentReading] }) reads!: readonly IncidentReading[]
  @ApiProperty({ type: () => [IncidentDenial] }) denied!: readonly IncidentDenial[]
  @ApiProperty({ type: () => AsOf, description: 'How old `denied` is at most.' }) asOf!: AsOf
}

export class GetIncidentAccess extends Query<IncidentAccess> {
  constructor(
    readonly incidentId: string,
    readonly after: string | undefined,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@QueryHandler(GetIncidentAccess)
export class GetIncidentAccessHandler implements IQueryHandler<GetIncidentAccess> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly history: History,
    private readonly reading: Reading,
  ) {}

  async execute({ incidentId, after, told }: GetIncidentAccess): Promise<IncidentAccess> {
    const { state } = await this.desk.folds.load(incident, incidentId)
    if (!groundFor(state, { actor: told.actor, reach: incidentReachOf(told.actor.role) }))
      throw await this.desk.deniedIncident(told, incidentId)
    const question = { where: [{ column: 'incident_id', is: '=', value: incidentId } as const] }
    const { rows, asOf } = await this.reading.rows({ projection: hubDeniedReads, table: hubDeniedTable }, question, after)
    return { reads: await this.#reads(incidentId), denied: rows.map(row => answerOf(hubDeniedTable, row)), asOf }
  }

  async #reads(incidentId: string): Promise<readonly IncidentReading[]> {
    const reads: IncidentReading[] = []
    for await (const { type, data, meta } of this.history.of(`incident-${incidentId}`)) {
      if (type !== 'HubIncidentRead') continue
      const { ground, at } = data as DataOfEvent<typeof HubIncidentRead>
      reads.push({ staffRef: meta.actor.id, role: meta.actor.role, ground, at })
    }
    return reads
  }
}

@ApiTags('incident')
@Controller('incidents/:incidentId/access')
export class IncidentAccessController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'Who has read an incident, and who was told that there is none: for whoever is let at it (C40)',
    roles: rolesThatMay('READ_INCIDENT', 'READ'),
    refusals: ['NOT_FOUND'],
    answers: IncidentAccess,
  })
  read(@IdInPath('incidentId') incidentId: string, @QueryParams() { after }: AfterQuery, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetIncidentAccess(incidentId, after, told))
  }
}
