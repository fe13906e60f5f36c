import { Controller } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { person } from '#domain/person/person'
import { erasureRequestStates } from '#domain/person/erasure/erasures'
import { Reads } from '#nest/door'
import { refusedAs } from '#nest/problems'
import { type RequestFacts, TheRequest } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { CommandDesk } from '../command-desk.js'
import { type ErasedValue, type MaskedValue, WordsShown } from '../values.js'
import { WordsOnRecord, closedRecord } from '../words-on-record.js'

type Said = string | MaskedValue | ErasedValue
export class ErasureRequestWords {
  @ApiProperty({ format: 'uuid' }) subjectRef!: string
  @ApiProperty({ format: 'uuid' }) requestId!: string
  @ApiProperty({ enum: erasureRequestStates }) state!: string
  @ApiProperty({ format: 'date', description: 'The last day for the answer.' }) due!: string
  @WordsShown({ description: 'What the person said.' }) words!: Said
  @WordsShown({ required: false, description: 'Of whoever decided on it.' }) reasons?: Said
}

export class GetErasureRequestWords extends Query<ErasureRequestWords> {
  constructor(
    readonly subjectRef: string,
    readonly requestId: string,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@QueryHandler(GetErasureRequestWords)
export class GetErasureRequestWordsHandler implements IQueryHandler<GetErasureRequestWords> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly words: WordsOnRecord,
  ) {}

  /** Kept as evidence, they are there to be read after the erasure, too. Not by somebody whom the request is about. */
  async execute({ subjectRef, requestId, told }: GetErasureRequestWords): Promise<ErasureRequestWords> {
    const { state: found } = await this.desk.folds.load(person, subjectRef)
    const request = found.erasures.requests.get(requestId)
    if (!request) throw refusedAs('NOT_FOUND')
    if (request.concernsStaff.includes(told.actor.id)) {
      this.desk.records.denied(told, 'CONFLICT_OF_INTEREST', subjectRef)
      throw refusedAs('CONFLICT_OF_INTEREST')
    }
    const said = await this.words.of(
      told,
      'DECIDE_RIGHTS',
      { subjectRef, field: 'requestId', id: requestId },
      { purpose: 'RIGHTS_FULFILMENT', what: 'RIGHTS_REQUEST' },
    )
    return { subjectRef, requestId, state: request.state, due: request.due, ...said } as ErasureRequestWords
  }
}

@ApiTags('erasure')
@Controller('subjects/:subjectRef/erasure-requests/:requestId/words')
export class ErasureRequestWordsController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'The words of a request for erasure, for whoever decides on it; the reading is logged before anything is opened',
    roles: rolesThatMay('DECIDE_RIGHTS', 'READ'),
    refusals: ['NOT_FOUND', ...closedRecord],
    answers: ErasureRequestWords,
  })
  read(@IdInPath('subjectRef') subjectRef: string, @IdInPath('requestId') requestId: string, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetErasureRequestWords(subjectRef, requestId, told))
  }
}
