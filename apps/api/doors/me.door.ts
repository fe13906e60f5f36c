import { Controller } from '@nestjs/common'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { Reads } from '#nest/door'
import { TheRequest, type RequestFacts } from '#nest/request'
import { rolesThatMay } from '#policy/capabilities'

export class MeAnswer {
  @ApiProperty({ description: 'The random reference under which events name this member of staff.' }) staffRef!: string
  @ApiProperty() role!: string
}

@ApiTags('staff')
@Controller('me')
export class MeController {
  @Reads({
    path: '',
    summary: 'Who the token says one is',
    roles: rolesThatMay('READ_OWN_ROLE', 'READ'),
    underAudit: 'NOT_NEEDED',
    refusals: [],
    answers: MeAnswer,
  })
  me(@TheRequest() { actor }: RequestFacts): MeAnswer {
    return { staffRef: actor.id, role: actor.role }
  }
}
