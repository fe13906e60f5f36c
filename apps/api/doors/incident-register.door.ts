import { Controller } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { involvementRoles, severities } from '#domain/incident/events'
import type { Involvement } from '#domain/incident/incident'
import type { IncidentId } from '#kernel/id'
import { incidentTypes } from '#kernel/incident-types'
import { Reads } from '#nest/door'
import { OneOf } from '#nest/fields'
import { equals, listOf } from '#nest/list-of'
import { Refused } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { IncidentOpening, type OpenedIncident, type OpenedInvolvement } from '#opening/incident-opening'
import { rolesThatMay } from '#policy/capabilities'
import { incidentReachOf, seesIncidentMetadata } from '#policy/incident-reach'
import type { Opened } from '#subject-keys/subject-keys'
import { hubRegister } from '#read-models/hub-register/projection'
import { hubRegisterTable } from '#read-models/hub-register/table'
import { CommandDesk } from '../command-desk.js'
import { type ErasedValue, type MaskedValue, WordsShown, shownAs } from '../values.js'

const tag = 'incident'

/** Each asks of the incidents that they are let at: there are no others. */
export const incidentList = listOf({
  operation: 'Incidents.list',
  tag,
  path: 'incidents',
  summary: 'The incidents of the Hub that one is an interested party of, or that one’s role looks at (C39, C40)',
  capability: 'READ_INCIDENT',
  projection: hubRegister,
  table: hubRegisterTable,
  forReader: ({ id, role }) => {
    const { asParty, byRole } = incidentReachOf(role)
    const notInIt = { column: 'involved', is: 'lacks', value: id } as const
    return [
      [{ column: 'parties', is: 'holds', value: id } as const, { column: 'type', is: 'among', values: asParty } as const],
      [{ column: 'type', is: 'among', values: byRole } as const, notInIt],
      ...(seesIncidentMetadata(role) ? [[notInIt]] : []),
    ]
  },
  filters: {
    type: equals('type', OneOf(incidentTypes, { optional: true })),
    state: equals('state', OneOf(hubRegisterTable.columns.state.oneOf, { optional: true })),
  },
})

type Said = string | MaskedValue | ErasedValue
export class InvolvedPerson {
  @ApiProperty({ format: 'uuid' }) involvementId!: string
  @ApiProperty({ enum: involvementRoles }) role!: string
  @ApiProperty({ required: false, description: 'They were erased: nothing else is known of them.' }) erased?: boolean
  @ApiProperty({ format: 'uuid', required: false }) staffRef?: string
  @ApiProperty({ required: false, description: 'The subjectRef of somebody who uses the service.' }) personRef?: string
  @ApiProperty({ required: false }) name?: string
  @ApiProperty({ type: [String], description: 'All that was said of them.' }) words!: readonly string[]
}
export class InterestedParty {
  @ApiProperty({ format: 'uuid' }) staffRef!: string
  @ApiProperty({ format: 'date-time' }) since!: string
}
export class IncidentView {
  @ApiProperty({ format: 'uuid' }) incidentId!: string
  @ApiProperty({ description: 'As in the ETag. The reading counts.' }) revision!: string
  @ApiProperty({ enum: incidentTypes }) type!: string
  @ApiProperty({ enum: severities }) severity!: string
  @ApiProperty({ enum: hubRegisterTable.columns.state.oneOf }) state!: string
  @ApiProperty({ format: 'date-time' }) occurredAt!: string
  @ApiProperty({ format: 'date-time' }) raisedAt!: string
  @ApiProperty({ format: 'uuid' }) raisedBy!: string
  @ApiProperty({ format: 'date-time', required: false }) closedAt?: string
  @ApiProperty({ format: 'uuid', required: false, description: 'The breach whose triage it opened.' }) breachId?: string
  @WordsShown() narrative!: Said
  @WordsShown({ required: false }) conclusion?: Said
  @ApiProperty({ type: () => [InvolvedPerson] }) people!: readonly InvolvedPerson[]
  @ApiProperty({ type: () => [InterestedParty] }) parties!: readonly InterestedParty[]
}

export class GetIncident extends Query<IncidentView> {
  constructor(
    readonly incidentId: string,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@QueryHandler(GetIncident)
export class GetIncidentHandler implements IQueryHandler<GetIncident> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly opening: IncidentOpening,
  ) {}

  async execute({ incidentId, told }: GetIncident): Promise<IncidentView> {
    const opened = await this.opening.open(told, incidentId as IncidentId)
    if (opened.ok) return viewOf(incidentId, opened.value)
    throw opened.refusal.code === 'NOT_FOUND' ? await this.desk.deniedIncident(told, incidentId) : new Refused(opened.refusal)
  }
}

function viewOf(incidentId: string, { state, revision, narrative, conclusion, people }: OpenedIncident): IncidentView {
  const { raised, closed, parties, involved } = state
  if (!raised) throw new Error('An incident was opened that nobody raised')
  const { type, severity, occurredAt, raisedAt, raisedBy, breachId } = raised
  return {
    incidentId,
    revision: String(revision),
    ...{ type, severity, state: closed ? 'CLOSED' : 'OPEN', occurredAt, raisedAt, raisedBy },
    ...(closed ? { closedAt: closed.closedAt } : {}),
    ...(breachId === undefined ? {} : { breachId }),
    narrative: said(narrative),
    ...(conclusion === undefined ? {} : { conclusion: said(conclusion) }),
    people: [...involved].map(([id, one]) => personIn(id, one, people.get(id))),
    parties: [...parties].map(([staffRef, { since }]) => ({ staffRef, since })),
  }
}
const said = (opened: Opened | undefined) => shownAs(opened ?? 'erased') as Said
const known = (opened: Opened | undefined) => (typeof opened === 'object' ? (opened.known as string) : undefined)

function personIn(involvementId: string, { role, staffRef, erased }: Involvement, opened: OpenedInvolvement | undefined): InvolvedPerson {
  if (erased || !opened) return { involvementId, role, erased: true, words: [] }
  const [personRef, name] = [known(opened.personRef), known(opened.name)]
  return {
    involvementId,
    role,
    ...(staffRef === undefined ? {} : { staffRef }),
    ...(personRef === undefined ? {} : { personRef }),
    ...(name === undefined ? {} : { name }),
    words: opened.words.flatMap(word => known(word) ?? []),
  }
}

@ApiTags(tag)
@Controller('incidents')
export class IncidentsController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: ':incidentId',
    summary: 'One incident, for whoever is let at it; for everybody else there is none. The reading stands on its own record (C40)',
    roles: rolesThatMay('READ_INCIDENT', 'READ'),
    refusals: ['NOT_FOUND', 'TRAINING_EXPIRED'],
    answers: IncidentView,
  })
  one(@IdInPath('incidentId') incidentId: string, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetIncident(incidentId, told))
  }
}
