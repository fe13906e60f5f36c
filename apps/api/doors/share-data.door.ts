import { createHash } from 'node:crypto'
import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { derivedId } from '#commands/ids'
import {
  type DisclosureMethod,
  type NotificationDecision,
  type Urgency,
  confidentialityBases,
  disclosureMethods,
  isCitation,
  notificationDecisions,
  urgencies,
} from '#domain/person/disclosure/events'
import { type ShareData, type SharingFacts, shareData, shareDataRefusals } from '#domain/person/disclosure/share-data'
import { type SharingPolicy, goesAhead, judgeSharing } from '#domain/person/disclosure/sharing-rules'
import { person } from '#domain/person/person'
import { canonicalJson } from '#event-kit/canonical'
import { categories } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import type { JsonValue } from '#kernel/json'
import { Personal } from '#kernel/personal'
import { Asks, Commands } from '#nest/door'
import { Checked, DateOnly, Nested, OneOf, PolicyCode, Text, isUuid } from '#nest/fields'
import { RefusalDetail, refusalDetail, refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import type { PolicyFacts } from '#policy/policy'
import { envelopeOf } from '#projections/sealed'
import { SubjectAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'

const isApprover = (value: unknown) =>
  isUuid(value) || (typeof value === 'string' && /^(dpo|caldicott([-_ ]guardian)?|team[-_ ]leader)$/i.test(value))

class NotificationBody {
  @OneOf(notificationDecisions) decision!: NotificationDecision
  @Text(64, { optional: true, description: 'A code or a citation, such as DPA 2018 Sch 2 para 2. Anything else is no exemption.' })
  exemption?: string
  @Checked(
    'approver',
    'must be a role, such as dpo or caldicott, or a staffRef',
    isApprover,
    { type: 'string' },
    { optional: true, description: 'Who approved the withholding: a role or a staffRef.' },
  )
  approver?: string
  @DateOnly({ optional: true }) reviewOn?: string
}

/** What both the check and the disclosure ask. */
class Asked {
  @PolicyCode() recipient!: string
  @PolicyCode() purpose!: string
  @PolicyCode({ list: true, atLeastOne: true, known: categories }) categories!: string[]
  @PolicyCode({ list: true, atLeastOne: true, description: '<category>.<name>, by the field schemas in force.' }) fields!: string[]
  @PolicyCode({ optional: true, known: confidentialityBases }) confidentialityBasis?: string
  @Text(120, { optional: true, description: 'The Act, year and section, where the law is the basis claimed.' }) legalProvision?: string
  @Text(200, { optional: true, description: 'A court’s order or summons.' }) orderReference?: string
  @Nested(() => NotificationBody, { optional: true }) notification?: NotificationBody
  @OneOf(urgencies, { optional: true, description: 'ROUTINE unless told.' }) urgency?: Urgency
  @Text(200, { optional: true }) recipientContact?: string
}
export class DisclosureBody extends Asked {
  @Text(2_000, { description: 'Why this has to be shared: at least one sentence.' }) necessity!: string
  @OneOf(disclosureMethods) method!: DisclosureMethod
}
export class DisclosureCheckBody extends Asked {
  @Text(2_000, { optional: true }) necessity?: string
  @OneOf(disclosureMethods, { optional: true }) method?: DisclosureMethod
}

class BasisAnswer {
  @ApiProperty({ description: 'UK GDPR Article 6(1), by letter.' }) art6!: string
  @ApiProperty({ required: false }) art9?: string | undefined
  @ApiProperty({ required: false }) sch1?: string | undefined
  @ApiProperty({ required: false }) provision?: string | undefined
}
export class DisclosureCheckAnswer {
  @ApiProperty() allowed!: boolean
  @ApiProperty({ type: () => BasisAnswer, required: false }) basis?: BasisAnswer
  @ApiProperty({ type: () => [RefusalDetail] }) refusals!: readonly RefusalDetail[]
  @ApiProperty({ type: [String] }) fieldsPermitted!: readonly string[]
  @ApiProperty({ enum: notificationDecisions, required: false }) informDecision?: string
  @ApiProperty({ required: false, description: 'Who has to approve; NONE shares at once.' }) approver?: string
}
export class DisclosureAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) disclosureId!: string
  @ApiProperty({ enum: ['REQUESTED', 'SENT'] }) state!: 'REQUESTED' | 'SENT'
  @ApiProperty({ description: 'Where the proof is to be had that this was recorded: 404 until it is sent, 202 until it is signed.' })
  receipt!: string
}

export const sharingPolicyOf = (policy: PolicyFacts): SharingPolicy => ({
  matrixVersion: policy.matrixVersion,
  rows: policy.rows,
  purposes: new Set(policy.purposes.keys()),
  assessmentInDate: policy.assessmentInDate,
  policyDocumentInForce: policy.policyDocumentInForce,
})

/** In the clear an exemption and an approver are codes: a citation becomes one, and what is neither counts as not given. */
const asCode = (text: string | undefined) =>
  text !== undefined
  && ((/^[A-Z][A-Z0-9_-]*\d[A-Z0-9_-]*$/.test(text) && !/\d{4}/.test(text)) || /^[A-Z]+(_[A-Z]+)+$/.test(text) || isCitation(text))
    ? text
        .trim()
        .replace(/[^A-Za-z0-9_.]+/g, '-')
        .replace(/-$/, '')
    : undefined
const notificationOf = (body: NotificationBody | undefined) =>
  body && { ...body, exemption: asCode(body.exemption), approver: body.approver?.replace(/ /g, '-') }

/** A digest over sealed bytes: never over plaintext. */
const digestOf = (values: readonly Personal<JsonValue>[]) =>
  createHash('sha256')
    .update(canonicalJson(values.map(value => envelopeOf(value))))
    .digest('base64url')
export const sharingFacts = (policy: PolicyFacts, now: string): SharingFacts => ({ policy: sharingPolicyOf(policy), now, digest: digestOf })

export class ShareDataCommand extends Command<DisclosureAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly body: DisclosureBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@CommandHandler(ShareDataCommand)
export class ShareDataHandler implements ICommandHandler<ShareDataCommand> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({ subjectRef, body, told }: ShareDataCommand): Promise<DisclosureAnswer> {
    const disclosureId = derivedId(this.desk.commandId(told), 'disclosure') as ShareData['disclosureId']
    const { necessity, recipientContact, orderReference, urgency = 'ROUTINE', ...asked } = body
    const { answer, events } = await this.desk.decide(told, {
      command: 'ShareData',
      aggregate: person,
      id: subjectRef,
      purpose: 'SERVICE_PROVISION',
      basis: { art6: 'f' },
      decide: (policy, now) =>
        shareData(
          {
            ...asked,
            notification: notificationOf(body.notification),
            disclosureId,
            subjectRef,
            urgency,
            necessity: Personal.of(necessity),
            recipientContact: recipientContact === undefined ? undefined : Personal.of(recipientContact),
            orderReference: orderReference === undefined ? undefined : Personal.of(orderReference),
          },
          sharingFacts(policy, now),
        ),
    })
    return {
      subjectRef,
      disclosureId,
      state: events.some(({ type }) => type === 'DataShared') ? 'SENT' : 'REQUESTED',
      receipt: `/v1/disclosures/${disclosureId}/receipt`,
      ...answer,
    }
  }
}

export class CheckDisclosure extends Query<DisclosureCheckAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly body: DisclosureCheckBody,
  ) {
    super()
  }
}

@QueryHandler(CheckDisclosure)
export class CheckDisclosureHandler implements IQueryHandler<CheckDisclosure> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({ subjectRef, body }: CheckDisclosure): Promise<DisclosureCheckAnswer> {
    const now = this.desk.clock.now()
    const [{ state }, policy] = await Promise.all([this.desk.folds.load(person, subjectRef), this.desk.policies.inForce(now)])
    if (!state.intake.referral) throw refusedAs('NOT_FOUND')
    const urgency = body.urgency ?? 'ROUTINE'
    const judged = judgeSharing(
      state,
      { ...body, notification: notificationOf(body.notification), urgency, hasOrderReference: body.orderReference !== undefined },
      sharingPolicyOf(policy),
      now,
    )
    const { basis, failures, fieldsPermitted, informDecision, row } = judged
    return {
      allowed: failures.length === 0 || goesAhead(judged, urgency),
      refusals: failures.map(refusalDetail),
      fieldsPermitted,
      ...(basis ? { basis } : {}),
      ...(informDecision ? { informDecision } : {}),
      ...(row ? { approver: row.approver } : {}),
    }
  }
}

@ApiTags('disclosure')
@Controller('subjects/:subjectRef/disclosures')
export class ShareDataController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Commands({
    path: '',
    creates: true,
    summary: 'Share data with a recipient of the matrix, or ask its approver (C22 to C36)',
    roles: rolesThatMay('REQUEST_DISCLOSURE', 'COMMAND'),
    refusals: shareDataRefusals,
    answers: DisclosureAnswer,
  })
  share(
    @Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string,
    @Body() body: DisclosureBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new ShareDataCommand(subjectRef as SubjectRef, body, told))
  }

  @Asks({
    path: 'check',
    summary: 'Could this be shared? Writes nothing',
    roles: rolesThatMay('REQUEST_DISCLOSURE', 'COMMAND'),
    refusals: ['NOT_FOUND'],
    answers: DisclosureCheckAnswer,
  })
  check(@Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string, @Body() body: DisclosureCheckBody) {
    return this.queries.execute(new CheckDisclosure(subjectRef as SubjectRef, body))
  }
}
