import { Controller } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { emergencyPurpose } from '#domain/person/emergency/make-emergency-disclosure'
import { type Person, person } from '#domain/person/person'
import type { StaffRole } from '#kernel/actor'
import { Reads } from '#nest/door'
import { refusedAs } from '#nest/problems'
import { type RequestFacts, TheRequest } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { approvalCapabilities, approvalCapability, disclosureApprovers } from '#policy/approving'
import { type Capability, rolesThatMay } from '#policy/capabilities'
import type { PolicyFacts } from '#policy/policy'
import { CommandDesk } from '../command-desk.js'
import { type ErasedValue, type MaskedValue, WordsShown } from '../values.js'
import { WordsOnRecord, closedRecord } from '../words-on-record.js'

const review = 'REVIEW_EMERGENCY_DISCLOSURE' satisfies Capability
type Said = string | MaskedValue | ErasedValue
export class DisclosureWords {
  @ApiProperty({ format: 'uuid' }) subjectRef!: string
  @ApiProperty({ format: 'uuid' }) disclosureId!: string
  @WordsShown({ description: 'Why it has to be shared.' }) necessity!: Said
  @WordsShown({ required: false }) recipientContact?: Said
  @WordsShown({ required: false, description: 'A court’s order or summons.' }) orderReference?: Said
  @WordsShown({ required: false, description: 'Why the police ask of a victim.' }) victimReason?: Said
  @WordsShown({ required: false, description: 'The form on which they asked.' }) victimForm?: Said
  @WordsShown({ required: false, description: 'Of counselling notes: why their probative value is substantial.' }) probativeValue?: Said
  @WordsShown({ required: false, description: 'What was told in an emergency, in words.' }) told?: Said
  @WordsShown({ required: false, description: 'What was told in an emergency: fields of no schema.' }) otherFields?: Said
  @WordsShown({ required: false, description: 'Of whoever decided on it, or reviewed it.' }) reasons?: Said
}

export class GetDisclosureWords extends Query<DisclosureWords> {
  constructor(
    readonly subjectRef: string,
    readonly disclosureId: string,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

type DecidedOn = { readonly capability: Capability; readonly by: readonly StaffRole[]; readonly purpose: string }
/** Who decides on it, or reviews it, by which row of the table, and for what it was made. */
function decidedOn({ disclosures, emergencies }: Person, id: string, rows: PolicyFacts['rows']): DecidedOn | undefined {
  if (emergencies.has(id)) return { capability: review, by: rolesThatMay(review, 'APPROVE'), purpose: emergencyPurpose }
  const disclosure = disclosures.get(id)
  if (!disclosure) return undefined
  const { ground, request, about, recipient } = disclosure
  const approver = rows.get(recipient)?.approver
  const withheld = (ground ?? request)?.notification.decision === 'WITHHOLD'
  return {
    capability: approvalCapability(approver, withheld),
    by: disclosureApprovers(approver, { withheld, categories: about?.categories ?? [] }),
    purpose: about?.purpose ?? 'SERVICE_PROVISION',
  }
}

@QueryHandler(GetDisclosureWords)
export class GetDisclosureWordsHandler implements IQueryHandler<GetDisclosureWords> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly words: WordsOnRecord,
  ) {}

  async execute({ subjectRef, disclosureId, told }: GetDisclosureWords): Promise<DisclosureWords> {
    const [{ state }, { rows }] = await Promise.all([
      this.desk.folds.load(person, subjectRef),
      this.desk.policies.inForce(this.desk.clock.now()),
    ])
    const decided = decidedOn(state, disclosureId, rows)
    if (!decided) throw refusedAs('NOT_FOUND')
    const { capability, by, purpose } = decided
    if (!by.includes(told.actor.role)) {
      this.desk.records.denied(told, 'ROLE_NOT_PERMITTED', subjectRef)
      throw refusedAs('ROLE_NOT_PERMITTED')
    }
    const about = { subjectRef, field: 'disclosureId', id: disclosureId } as const
    const said = await this.words.of(told, capability, about, { purpose, what: 'DISCLOSURE' })
    return { subjectRef, disclosureId, ...said } as DisclosureWords
  }
}

@ApiTags('disclosure')
@Controller('subjects/:subjectRef/disclosures/:disclosureId/words')
export class DisclosureWordsController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'The words of a disclosure, for whoever decides on it; the reading is logged before anything is opened',
    roles: rolesThatMay([...approvalCapabilities, review], 'READ'),
    refusals: ['NOT_FOUND', ...closedRecord],
    answers: DisclosureWords,
  })
  read(@IdInPath('subjectRef') subjectRef: string, @IdInPath('disclosureId') disclosureId: string, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetDisclosureWords(subjectRef, disclosureId, told))
  }
}
