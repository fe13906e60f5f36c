import { Body, Controller } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { sharingPolicyOf } from '#commands/sharing-policy'
import { brokenRule } from '#commands/write-rules'
import { lawfulBasisOf } from '#domain/person/disclosure/basis-rules'
import { notificationDecisions } from '#domain/person/disclosure/events'
import { type ShareData, shareData } from '#domain/person/disclosure/share-data'
import { goesAhead, judgeSharing } from '#domain/person/disclosure/sharing-rules'
import { lookedAt } from '#domain/person/disclosure/victim-request'
import { person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import { Asks } from '#nest/door'
import { RefusalDetail, refusalDetail, refusedAs } from '#nest/problems'
import { type RequestFacts, TheRequest } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { DisclosureCheckBody, notificationOf } from '../bodies/disclosure.js'
import { CommandDesk } from '../command-desk.js'

class BasisAnswer {
  @ApiProperty({ description: 'UK GDPR Article 6(1), by letter.' }) art6!: string
  @ApiProperty({ type: String, required: false, description: 'Of (ea): the condition of Annex 1.' }) annex1?: string | undefined
  @ApiProperty({ type: String, required: false }) art9?: string | undefined
  @ApiProperty({ type: String, required: false }) sch1?: string | undefined
  @ApiProperty({ type: String, required: false, description: 'The law, in words.' }) provision?: string | undefined
}
export class DisclosureCheckAnswer {
  @ApiProperty() allowed!: boolean
  @ApiProperty({ type: () => BasisAnswer, required: false }) basis?: BasisAnswer
  @ApiProperty({ type: () => [RefusalDetail] }) refusals!: readonly RefusalDetail[]
  @ApiProperty({ type: [String] }) fieldsPermitted!: readonly string[]
  @ApiProperty({ enum: notificationDecisions, required: false }) informDecision?: string
  @ApiProperty({
    required: false,
    description: 'Who has to approve; NONE shares at once. A withholding is the DPO’s or the Caldicott Guardian’s.',
  })
  approver?: string
}
export class CheckDisclosure extends Query<DisclosureCheckAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly body: DisclosureCheckBody,
    readonly request: RequestFacts,
  ) {
    super()
  }
}

@QueryHandler(CheckDisclosure)
export class CheckDisclosureHandler implements IQueryHandler<CheckDisclosure> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({ subjectRef, body, request }: CheckDisclosure): Promise<DisclosureCheckAnswer> {
    const now = this.desk.clock.now()
    const [{ state }, policy] = await Promise.all([this.desk.folds.load(person, subjectRef), this.desk.policies.inForce(now)])
    if (!state.intake.referral) throw refusedAs('NOT_FOUND')
    const urgency = body.urgency ?? 'ROUTINE'
    const judged = judgeSharing(
      state,
      {
        ...body,
        notification: notificationOf(body.notification),
        urgency,
        hasOrderReference: body.orderReference !== undefined,
        victimRequest: lookedAt(body.victimRequest),
      },
      sharingPolicyOf(policy),
      now,
    )
    const { basis, failures, fieldsPermitted, informDecision, row } = judged
    // As if it were asked for: the rules that hold for everything that is written come before those of the matrix.
    const asIf = { ...body, subjectRef, urgency } as unknown as ShareData
    const broken = brokenRule(shareData, asIf, state, this.desk.writing(shareData, asIf, request, policy, now))
    return {
      allowed: broken === undefined && (failures.length === 0 || goesAhead(judged, urgency)),
      refusals: [...(broken ? [broken] : []), ...failures].map(refusalDetail),
      fieldsPermitted,
      ...(basis ? { basis: { ...lawfulBasisOf(basis), annex1: basis.annex1 } } : {}),
      ...(informDecision ? { informDecision } : {}),
      ...(row ? { approver: informDecision === 'WITHHOLD' ? 'DPO' : row.approver } : {}),
    }
  }
}

@ApiTags('disclosure')
@Controller('subjects/:subjectRef/disclosures')
export class CheckDisclosureController {
  constructor(private readonly queries: QueryBus) {}

  @Asks({
    path: 'check',
    summary: 'Could this be shared? Writes nothing',
    roles: rolesThatMay('REQUEST_DISCLOSURE', 'COMMAND'),
    refusals: ['NOT_FOUND'],
    answers: DisclosureCheckAnswer,
  })
  check(@IdInPath('subjectRef') subjectRef: SubjectRef, @Body() body: DisclosureCheckBody, @TheRequest() request: RequestFacts) {
    return this.queries.execute(new CheckDisclosure(subjectRef, body, request))
  }
}
