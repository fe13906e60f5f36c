import { Controller } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { reviewBreakGlass } from '#domain/person/access/review-break-glass'
import { useBreakGlass } from '#domain/person/access/use-break-glass'
import { person } from '#domain/person/person'
import { Personal } from '#kernel/personal'
import { Reads } from '#nest/door'
import { doorOf } from '#nest/door-of'
import { OneOf } from '#nest/fields'
import { equals, listOf } from '#nest/list-of'
import { refusedAs } from '#nest/problems'
import { type RequestFacts, TheRequest } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { breakGlass } from '#read-models/break-glass/projection'
import { breakGlassTable } from '#read-models/break-glass/table'
import { SubjectAnswer } from '../answers.js'
import { BreakGlassBody, BreakGlassReviewBody } from '../bodies/access.js'
import { CommandDesk } from '../command-desk.js'
import { type ErasedValue, type MaskedValue, WordsShown } from '../values.js'
import { WordsOnRecord, closedRecord } from '../words-on-record.js'

const tag = 'record'

export class BreakGlassAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid', description: 'What each reading by it names.' }) grantId!: string
}
const ofUse = {
  answers: BreakGlassAnswer,
  answer: ({ subjectRef, grantId }: Pick<BreakGlassAnswer, 'subjectRef' | 'grantId'>) => ({ subjectRef, grantId }),
}

export const useBreakGlassDoor = doorOf(tag, useBreakGlass, {
  path: 'subjects/:subjectRef/break-glass',
  creates: true,
  body: BreakGlassBody,
  input: ({ reason }, ids, mint) => ({ ...ids, grantId: mint('grant'), reason: Personal.of(reason) }),
  ...ofUse,
})
export const reviewBreakGlassDoor = doorOf(tag, reviewBreakGlass, {
  path: 'subjects/:subjectRef/break-glass/:grantId/review',
  body: BreakGlassReviewBody,
  input: ({ reasons, ...body }, ids) => ({ ...body, ...ids, reasons: Personal.of(reasons) }),
  ...ofUse,
})
export const breakGlassList = listOf({
  operation: 'BreakGlass.all',
  tag,
  path: 'break-glass',
  summary: 'The records that were opened in need, by whom, and which of these nobody has looked at yet (C37)',
  capability: 'REVIEW_BREAK_GLASS',
  projection: breakGlass,
  table: breakGlassTable,
  filters: { state: equals('state', OneOf(breakGlassTable.columns.state.oneOf, { optional: true })) },
})

type Said = string | MaskedValue | ErasedValue
export class BreakGlassWords {
  @ApiProperty({ format: 'uuid' }) subjectRef!: string
  @ApiProperty({ format: 'uuid' }) grantId!: string
  @WordsShown({ description: 'Why it could not wait.' }) reason!: Said
  @WordsShown({ required: false, description: 'Of whoever looked at it afterwards.' }) reasons?: Said
}
export class GetBreakGlassWords extends Query<BreakGlassWords> {
  constructor(
    readonly subjectRef: string,
    readonly grantId: string,
    readonly told: RequestFacts,
  ) {
    super()
  }
}
@QueryHandler(GetBreakGlassWords)
export class GetBreakGlassWordsHandler implements IQueryHandler<GetBreakGlassWords> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly words: WordsOnRecord,
  ) {}

  async execute({ subjectRef, grantId, told }: GetBreakGlassWords): Promise<BreakGlassWords> {
    const { state } = await this.desk.folds.load(person, subjectRef)
    if (!state.access.broken.has(grantId)) throw refusedAs('NOT_FOUND')
    const about = { subjectRef, field: 'grantId', id: grantId } as const
    const said = await this.words.of(told, 'REVIEW_BREAK_GLASS', about, { purpose: 'LEGAL_OBLIGATION', what: 'EVIDENCE' })
    return { subjectRef, grantId, ...said } as BreakGlassWords
  }
}

@ApiTags(tag)
@Controller('subjects/:subjectRef/break-glass/:grantId/words')
export class BreakGlassWordsController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'Why a record was opened in need, for whoever looks at it afterwards; the reading is logged before anything is opened',
    roles: rolesThatMay('REVIEW_BREAK_GLASS', 'READ'),
    refusals: ['NOT_FOUND', ...closedRecord],
    answers: BreakGlassWords,
  })
  read(@IdInPath('subjectRef') subjectRef: string, @IdInPath('grantId') grantId: string, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetBreakGlassWords(subjectRef, grantId, told))
  }
}
