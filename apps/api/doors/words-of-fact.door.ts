import { Controller, Query as QueryParams } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { person } from '#domain/person/person'
import { factKinds } from '#domain/person/standing/facts'
import { Reads } from '#nest/door'
import { PolicyCode } from '#nest/fields'
import { Refused, refusedAs } from '#nest/problems'
import { type RequestFacts, TheRequest } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { Opening } from '#opening/opening'
import { capabilityOfCategory, recordCapabilities, rolesThatMay } from '#policy/capabilities'
import { maySee } from '#policy/reading'
import { CommandDesk } from '../command-desk.js'
import { type ErasedValue, type MaskedValue, WordsShown } from '../values.js'
import { WordsOnRecord, closedRecord } from '../words-on-record.js'

class FactQuery {
  @PolicyCode({ description: 'A registered purpose that the reader’s role may read for.' }) purpose!: string
}
export class FactWords {
  @ApiProperty({ format: 'uuid' }) subjectRef!: string
  @ApiProperty({ format: 'uuid' }) factId!: string
  @ApiProperty({ enum: Object.keys(factKinds) }) kind!: string
  @WordsShown({ required: false, description: 'What is known of it; of one that ended, what was said then, where something was.' })
  words?: string | MaskedValue | ErasedValue
}

export class GetFactWords extends Query<FactWords> {
  constructor(
    readonly subjectRef: string,
    readonly factId: string,
    readonly query: FactQuery,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@QueryHandler(GetFactWords)
export class GetFactWordsHandler implements IQueryHandler<GetFactWords> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly opening: Opening,
    private readonly words: WordsOnRecord,
  ) {}

  /** A fact of a category that the reader may not see is answered as if there were none. */
  async execute({ subjectRef, factId, query: { purpose }, told }: GetFactWords): Promise<FactWords> {
    const need = await this.opening.needOfRecord(told, purpose, subjectRef)
    if (!need.ok) throw new Refused(need.refusal)
    const fact = (await this.desk.folds.load(person, subjectRef)).state.facts[factId]
    if (!fact || !maySee(told.actor.role, factKinds[fact.kind], need.value.categories)) throw refusedAs('NOT_FOUND')
    const about = { subjectRef, field: 'factId', id: factId } as const
    const said = await this.words.of(told, capabilityOfCategory[factKinds[fact.kind]], about, { purpose, what: 'CASE' })
    return { subjectRef, factId, kind: fact.kind, ...said }
  }
}

@ApiTags('standing')
@Controller('subjects/:subjectRef/facts/:factId/words')
export class FactWordsController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'What is known of a fact, in words; the reading is logged before anything is opened',
    roles: rolesThatMay(recordCapabilities, 'READ'),
    refusals: ['NOT_FOUND', 'PURPOSE_NOT_REGISTERED', ...closedRecord],
    answers: FactWords,
  })
  read(
    @IdInPath('subjectRef') subjectRef: string,
    @IdInPath('factId') factId: string,
    @QueryParams() query: FactQuery,
    @TheRequest() told: RequestFacts,
  ) {
    return this.queries.execute(new GetFactWords(subjectRef, factId, query, told))
  }
}
