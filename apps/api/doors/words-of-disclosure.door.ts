import { Controller } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { person } from '#domain/person/person'
import { Reads } from '#nest/door'
import { refusedAs } from '#nest/problems'
import { type RequestFacts, TheRequest } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { approvalCapabilities, approvalCapability, disclosureApprovers } from '#policy/approving'
import { rolesThatMay } from '#policy/capabilities'
import { CommandDesk } from '../command-desk.js'
import { type ErasedValue, type MaskedValue, WordsShown } from '../values.js'
import { WordsOnRecord } from '../words-on-record.js'

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
  @WordsShown({ required: false, description: 'Of whoever decided on it.' }) reasons?: Said
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
    const disclosure = state.disclosures.get(disclosureId)
    if (!disclosure) throw refusedAs('NOT_FOUND')
    const approver = rows.get(disclosure.recipient)?.approver
    const withheld = (disclosure.ground ?? disclosure.request)?.notification.decision === 'WITHHOLD'
    const categories = disclosure.about?.categories ?? []
    if (!disclosureApprovers(approver, { withheld, categories }).includes(told.actor.role)) {
      this.desk.records.denied(told, 'ROLE_NOT_PERMITTED', subjectRef)
      throw refusedAs('ROLE_NOT_PERMITTED')
    }
    const said = await this.words.of(
      told,
      approvalCapability(approver, withheld),
      { subjectRef, field: 'disclosureId', id: disclosureId },
      { purpose: disclosure.about?.purpose ?? 'SERVICE_PROVISION', what: 'DISCLOSURE' },
    )
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
    roles: rolesThatMay(approvalCapabilities, 'READ'),
    refusals: ['NOT_FOUND'],
    answers: DisclosureWords,
  })
  read(@IdInPath('subjectRef') subjectRef: string, @IdInPath('disclosureId') disclosureId: string, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetDisclosureWords(subjectRef, disclosureId, told))
  }
}
