import { Controller } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { channels } from '#domain/person/channels'
import { person } from '#domain/person/person'
import { Reads } from '#nest/door'
import { refusedAs } from '#nest/problems'
import { type RequestFacts, TheRequest } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { CommandDesk } from '../command-desk.js'
import { type ErasedValue, type MaskedValue, WordsShown } from '../values.js'
import { WordsOnRecord, closedRecord } from '../words-on-record.js'

export class MessageWords {
  @ApiProperty({ format: 'uuid' }) subjectRef!: string
  @ApiProperty({ format: 'uuid' }) messageId!: string
  @ApiProperty({ enum: channels }) channel!: string
  @ApiProperty({ format: 'date-time' }) receivedAt!: string
  @WordsShown({ required: false, description: 'What it says. Not kept of somebody who was erased when it came.' })
  words?: string | MaskedValue | ErasedValue
}

export class GetMessageWords extends Query<MessageWords> {
  constructor(
    readonly subjectRef: string,
    readonly messageId: string,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@QueryHandler(GetMessageWords)
export class GetMessageWordsHandler implements IQueryHandler<GetMessageWords> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly words: WordsOnRecord,
  ) {}

  async execute({ subjectRef, messageId, told }: GetMessageWords): Promise<MessageWords> {
    const message = (await this.desk.folds.load(person, subjectRef)).state.contact.messages[messageId]
    if (!message) throw refusedAs('NOT_FOUND')
    const about = { subjectRef, field: 'messageId', id: messageId } as const
    const said = await this.words.of(told, 'RECORD_BASICS', about, { purpose: 'SERVICE_PROVISION', what: 'CASE' })
    return { subjectRef, messageId, channel: message.channel, receivedAt: message.receivedAt, ...said }
  }
}

@ApiTags('contact')
@Controller('subjects/:subjectRef/messages/:messageId/words')
export class MessageWordsController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'What a message says; the reading is logged before anything is opened',
    roles: rolesThatMay('RECORD_BASICS', 'READ'),
    refusals: ['NOT_FOUND', ...closedRecord],
    answers: MessageWords,
  })
  read(@IdInPath('subjectRef') subjectRef: string, @IdInPath('messageId') messageId: string, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetMessageWords(subjectRef, messageId, told))
  }
}
