import { Controller } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import type { Finding } from '#domain/audit/audit'
import { type Mandate, isOpen } from '#domain/audit/audits'
import type { AuditId } from '#kernel/id'
import { Reads } from '#nest/door'
import { TheRequest, type RequestFacts } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { AuditWork } from '../audit-work.js'
import { CommandDesk } from '../command-desk.js'

export class AuditItem {
  @ApiProperty({ format: 'uuid' }) auditId!: string
  @ApiProperty({ enum: ['OPEN', 'EXPIRED', 'CLOSED'] }) state!: string
  @ApiProperty({ type: [String] }) auditors!: readonly string[]
  @ApiProperty({ enum: ['ALL', 'SUBJECTS'] }) scope!: string
  @ApiProperty({ type: [String] }) subjects!: readonly string[]
  @ApiProperty() from!: string
  @ApiProperty() to!: string
  @ApiProperty() expiresAt!: string
  @ApiProperty() reference!: string
}
class SampleItem {
  @ApiProperty({ format: 'uuid' }) sampleId!: string
  @ApiProperty({ description: 'What it is drawn from: the leaves below this size, which was signed before the seed was known.' })
  checkpointSize!: number
  @ApiProperty({ type: String, required: false }) type?: string | undefined
  @ApiProperty() wanted!: number
  @ApiProperty({ required: false }) seed?: string
  @ApiProperty({ required: false }) population?: number
  @ApiProperty({ required: false, type: [Number] }) leaves?: readonly number[]
}
class FindingItem {
  @ApiProperty({ format: 'uuid' }) findingId!: string
  @ApiProperty({ enum: ['RAISED', 'ANSWERED', 'CLOSED'] }) state!: string
  @ApiProperty() kind!: string
  @ApiProperty({ type: String, required: false }) clause?: string | undefined
  @ApiProperty({ type: [Number] }) leaves!: readonly number[]
  @ApiProperty({
    type: String,
    required: false,
    description: 'Sealed under the audit’s own key; missing where it cannot be opened any more.',
  })
  words?: string | undefined
  @ApiProperty({ required: false }) answer?: string
  @ApiProperty({ type: String, required: false }) answerWords?: string | undefined
  @ApiProperty({ required: false }) outcome?: string
}
export class AuditView extends AuditItem {
  @ApiProperty({ type: () => [SampleItem] }) samples!: readonly SampleItem[]
  @ApiProperty({ type: () => [FindingItem] }) findings!: readonly FindingItem[]
}

const itemOf = ({ closedAt, ...mandate }: Mandate, now: string): AuditItem => ({
  ...mandate,
  state: closedAt !== undefined ? 'CLOSED' : isOpen(mandate, now) ? 'OPEN' : 'EXPIRED',
})
const findingOf = (
  { findingId, kind, clause, leaves, answered, closed }: Finding,
  said: { readonly raised: string | undefined; readonly answered: string | undefined } | undefined,
): FindingItem => ({
  findingId,
  kind,
  clause,
  leaves,
  state: closed ? 'CLOSED' : answered ? 'ANSWERED' : 'RAISED',
  words: said?.raised,
  ...(answered ? { answer: answered.answer, answerWords: said?.answered } : {}),
  ...(closed ? { outcome: closed.outcome } : {}),
})

export class ListAudits extends Query<readonly AuditItem[]> {
  constructor(readonly told: RequestFacts) {
    super()
  }
}
@QueryHandler(ListAudits)
export class ListAuditsHandler implements IQueryHandler<ListAudits> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly work: AuditWork,
  ) {}

  /** An auditor sees their own. */
  async execute({ told: { actor } }: ListAudits): Promise<readonly AuditItem[]> {
    const now = this.desk.clock.now()
    return (await this.work.all())
      .filter(({ auditors }) => actor.role !== 'auditor' || auditors.includes(actor.id))
      .map(mandate => itemOf(mandate, now))
  }
}

export class GetAudit extends Query<AuditView> {
  constructor(
    readonly auditId: AuditId,
    readonly told: RequestFacts,
  ) {
    super()
  }
}
@QueryHandler(GetAudit)
export class GetAuditHandler implements IQueryHandler<GetAudit> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly work: AuditWork,
  ) {}

  async execute({ auditId, told }: GetAudit): Promise<AuditView> {
    const mandate = await this.work.mandate(auditId)
    const { samples, findings } = await this.work.work(auditId)
    const said = await this.work.words(told, auditId, [...findings.values()])
    return {
      ...itemOf(mandate, this.desk.clock.now()),
      samples: [...samples.values()].map(({ sampleId, checkpointSize, type, wanted, drawn }) => ({
        sampleId,
        checkpointSize,
        type,
        wanted,
        ...drawn,
      })),
      findings: [...findings.values()].map((finding, n) => findingOf(finding, said[n])),
    }
  }
}

/** C37: who may read the history, what of it, until when and for what. */
@ApiTags('audit')
@Controller('audits')
export class AuditsController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'The audits; for an auditor, those that name them',
    roles: rolesThatMay('READ_AUDIT', 'READ'),
    underAudit: 'NOT_NEEDED',
    refusals: [],
    answers: [AuditItem],
  })
  list(@TheRequest() told: RequestFacts) {
    return this.queries.execute(new ListAudits(told))
  }

  @Reads({
    path: ':auditId',
    summary: 'An audit with its samples and findings',
    roles: rolesThatMay('READ_AUDIT', 'READ'),
    refusals: ['NOT_FOUND'],
    answers: AuditView,
  })
  get(@IdInPath('auditId') auditId: AuditId, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetAudit(auditId, told))
  }
}
