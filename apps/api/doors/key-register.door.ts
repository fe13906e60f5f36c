import { Controller, Param, Query as QueryParams } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { person } from '#domain/person/person'
import { Reads } from '#nest/door'
import { refusedAs } from '#nest/problems'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { findKeys, keyTold } from '#read-models/key-register/queries'
import { CommandDesk } from '../command-desk.js'
import { AfterQuery } from '#nest/paging'
import { Reading } from '../reading.js'

/** One key: never its material. */
export class KeyItem {
  @ApiProperty() kid!: string
  @ApiProperty() scope!: string
  @ApiProperty() generation!: number
  @ApiProperty({ enum: ['ACTIVE', 'FENCED', 'RETIRED', 'DESTROYED', 'LOST'] }) state!: string
  @ApiProperty() created!: string
  @ApiProperty({ required: false }) destroyed?: string
  @ApiProperty({ required: false, description: 'The certificate of the erasure that destroyed it.' }) certificate?: string
}
export class KeyPage {
  @ApiProperty({ type: () => [KeyItem] }) items!: readonly KeyItem[]
}

export class ListKeys extends Query<KeyPage> {
  constructor(
    readonly subjectRef: string,
    readonly after: string | undefined,
  ) {
    super()
  }
}

@QueryHandler(ListKeys)
export class ListKeysHandler implements IQueryHandler<ListKeys> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly reading: Reading,
  ) {}

  async execute({ subjectRef, after }: ListKeys): Promise<KeyPage> {
    const { position } = await this.desk.folds.load(person, subjectRef)
    if (position === undefined) throw refusedAs('NOT_FOUND')
    const keys = await this.reading.allOfOne('key-register', `person-${subjectRef}`, position, after, () =>
      findKeys(this.reading.sql, subjectRef),
    )
    return { items: keys.map(keyTold) }
  }
}

@ApiTags('erasure')
@Controller('subjects/:subjectRef/keys')
export class KeyRegisterController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'The register of a person’s crypto-shredding keys',
    roles: rolesThatMay('READ_LEDGER', 'READ'),
    refusals: ['NOT_FOUND'],
    answers: KeyPage,
  })
  of(@Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string, @QueryParams() { after }: AfterQuery) {
    return this.queries.execute(new ListKeys(subjectRef, after))
  }
}
