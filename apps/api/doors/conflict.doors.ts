import { Controller } from '@nestjs/common'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { declareConflict } from '#domain/person/access/declare-conflict'
import { endConflict } from '#domain/person/access/end-conflict'
import { person } from '#domain/person/person'
import { Reads } from '#nest/door'
import { doorOf } from '#nest/door-of'
import { refusedAs } from '#nest/problems'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { ofSubject } from '../answers.js'
import { ConflictBody, ConflictEndBody } from '../bodies/access.js'
import { CommandDesk } from '../command-desk.js'

const tag = 'record'

export const declareConflictDoor = doorOf(tag, declareConflict, {
  path: 'subjects/:subjectRef/conflicts',
  body: ConflictBody,
  ...ofSubject,
})
export const endConflictDoor = doorOf(tag, endConflict, { path: 'subjects/:subjectRef/conflicts/end', body: ConflictEndBody, ...ofSubject })

export class ConflictsOnRecord {
  @ApiProperty({ type: [String], description: 'The staffRefs of those to whom the record is closed.' }) staff!: readonly string[]
}

@ApiTags(tag)
@Controller('subjects/:subjectRef/conflicts')
export class ConflictsController {
  constructor(private readonly desk: CommandDesk) {}

  @Reads({
    path: '',
    summary: 'To whom a person’s record is closed: references only (C38)',
    roles: rolesThatMay('END_CONFLICT', 'READ'),
    refusals: ['NOT_FOUND'],
    answers: ConflictsOnRecord,
  })
  async all(@IdInPath('subjectRef') subjectRef: string): Promise<ConflictsOnRecord> {
    const { position, state } = await this.desk.folds.load(person, subjectRef)
    if (position === undefined) throw refusedAs('NOT_FOUND')
    return { staff: [...state.access.conflicted] }
  }
}
