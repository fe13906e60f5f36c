import { Controller } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { person } from '#domain/person/person'
import { type Certificate, erasureRequestStates } from '#domain/person/erasure/erasures'
import { Reads } from '#nest/door'
import { OneOf } from '#nest/fields'
import { OpenRecords, closedRecords, equals, listOf } from '#nest/list-of'
import { refusedAs } from '#nest/problems'
import { type RequestFacts, TheRequest } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { erasureRequests } from '#read-models/erasure-requests/projection'
import { erasureRequestTable, undecidedBy } from '#read-models/erasure-requests/table'
import { CommandDesk } from '../command-desk.js'

export const erasureRequestList = listOf({
  operation: 'ErasureReads.list',
  tag: 'erasure',
  path: 'erasure-requests',
  summary: 'The requests for erasure, with their due dates',
  capability: 'READ_RIGHTS_REQUESTS',
  opens: 'RECORD_BASICS',
  projection: erasureRequests,
  table: erasureRequestTable,
  filters: { state: equals('state', OneOf(erasureRequestStates, { optional: true })) },
})

export const erasureRequestsAwaiting = listOf({
  operation: 'ErasureReads.awaiting',
  tag: 'erasure',
  path: 'erasure-requests/awaiting',
  summary: 'The open requests for erasure that wait for the reader’s decision: not those that concern them',
  capability: 'DECIDE_RIGHTS',
  projection: erasureRequests,
  table: erasureRequestTable,
  forReader: undecidedBy,
})

class VerificationAnswer {
  @ApiProperty() keysFound!: number
  @ApiProperty() indexRowsFound!: number
  @ApiProperty() sealedValuesFound!: number
  @ApiProperty({ description: 'Ciphertexts of the erased scopes that were tried under every live key of the person.' })
  ciphertextsTried!: number
  @ApiProperty() ciphertextsOpened!: number
}
const lookedAt = 'outstanding, done, not applicable; or unknown, where nobody looked.'
/** What was destroyed, what was looked for afterwards and not found, and what stands outside. */
export class ErasureCertificateAnswer {
  @ApiProperty() certificateId!: string
  @ApiProperty() erasureId!: string
  @ApiProperty() subjectRef!: string
  @ApiProperty({ enum: ['ALL', 'SCOPES'] }) extent!: string
  @ApiProperty({ type: [String] }) scopes!: readonly string[]
  @ApiProperty({ type: [String], description: 'The destroyed keys.' }) keys!: readonly string[]
  @ApiProperty() completedAt!: string
  @ApiProperty({ type: () => VerificationAnswer }) verification!: VerificationAnswer
  @ApiProperty({ type: [String] }) projections!: readonly string[]
  @ApiProperty() purgedTo!: string
  @ApiProperty({ description: 'Article 19 notices to those the data was shared with: outstanding, done, or not applicable.' })
  notices!: string
  @ApiProperty({ description: `Records on paper: ${lookedAt}` }) paper!: string
  @ApiProperty({ description: `The archive: ${lookedAt}` }) archive!: string
  @ApiProperty({ description: `Those who process on our behalf: ${lookedAt}` }) processors!: string
  @ApiProperty({
    required: false,
    description: 'From then on no copy of the database and the key folder that was made before the erasure opens what was erased.',
  })
  copiesUnreadableBy?: string
  @ApiProperty({ required: false }) requestId?: string
  @ApiProperty({ required: false, description: 'Of a referral: C13, declined; C11, not confirmed.' }) rule?: string
  @ApiProperty({ description: 'What remains, in plain English.' }) remains!: string
}

const remains = [
  'References, event types, times and codes remain: pseudonymous records that show what was done.',
  'The words of the request remain sealed as evidence for the Data Protection Officer and the Caldicott Guardian.',
].join(' ')
const inWords = (code: string) => code.toLowerCase().replaceAll('_', ' ')

export function certificateAnswer({ of, issued }: Certificate): ErasureCertificateAnswer {
  const { certificateId, erasureId, subjectRef, scopes, kids, completedAt, verification, projections, purgedTo, copiesUnreadableBy } =
    issued
  const common = {
    certificateId,
    erasureId,
    subjectRef,
    scopes,
    keys: kids,
    completedAt,
    verification,
    projections,
    purgedTo,
    remains,
    notices: inWords(issued.notices),
    paper: inWords(issued.paper),
    archive: inWords(issued.archive),
    processors: inWords(issued.processors),
    ...(copiesUnreadableBy ? { copiesUnreadableBy } : {}),
  }
  if (of === 'REFERRAL') return { ...common, extent: 'ALL', rule: issued.rule }
  return { ...common, extent: issued.extent, requestId: issued.requestId }
}

export class GetErasureCertificate extends Query<ErasureCertificateAnswer> {
  constructor(
    readonly subjectRef: string,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@QueryHandler(GetErasureCertificate)
export class GetErasureCertificateHandler implements IQueryHandler<GetErasureCertificate> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly records: OpenRecords,
  ) {}

  async execute({ subjectRef, told }: GetErasureCertificate): Promise<ErasureCertificateAnswer> {
    await this.records.assertOpen(told, 'READ_LEDGER', subjectRef)
    const { state } = await this.desk.folds.load(person, subjectRef)
    // A request after an erasure destroys nothing more: the certificate of what was destroyed is the one that counts.
    const { certificates } = state.erasures
    const last = certificates.findLast(({ issued }) => issued.kids.length > 0) ?? certificates.at(-1)
    if (!last) throw refusedAs('NOT_FOUND')
    return certificateAnswer(last)
  }
}

@ApiTags('erasure')
@Controller()
export class ErasureReadsController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: 'subjects/:subjectRef/erasure-certificate',
    summary: 'The certificate of the last completed erasure; 404 until there is one',
    roles: rolesThatMay('READ_LEDGER', 'READ'),
    refusals: ['NOT_FOUND', ...closedRecords],
    answers: ErasureCertificateAnswer,
  })
  certificate(@IdInPath('subjectRef') subjectRef: string, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetErasureCertificate(subjectRef, told))
  }
}
