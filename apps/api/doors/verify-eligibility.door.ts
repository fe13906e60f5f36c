import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import { verifyEligibility, verifyEligibilityRefusals } from '#domain/person/intake/verify-eligibility'
import { person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import { Commands } from '#nest/door'
import { Checked, OneOf, PastInstant } from '#nest/fields'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { SubjectAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'

export class EligibilityBody {
  @Checked(
    'evidenceType',
    'must be a code in capitals, such as STARS_LETTER, without a number',
    value => typeof value === 'string' && /^[A-Z][A-Z_-]{1,39}$/.test(value),
    { type: 'string' },
    { description: 'What the evidence is, as a code.' },
  )
  evidenceType!: string
  @PastInstant() checkedAt!: string
  @OneOf(['CONFIRMED', 'REFUSED']) outcome!: 'CONFIRMED' | 'REFUSED'
}

export class VerifyEligibilityCommand extends Command<SubjectAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly body: EligibilityBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@CommandHandler(VerifyEligibilityCommand)
export class VerifyEligibilityHandler implements ICommandHandler<VerifyEligibilityCommand> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({ subjectRef, body, told }: VerifyEligibilityCommand): Promise<SubjectAnswer> {
    const { answer } = await this.desk.decide(told, {
      command: 'VerifyEligibility',
      aggregate: person,
      id: subjectRef,
      purpose: 'REFERRAL_INTAKE',
      basis: { art6: 'f', art9: '9-2-h', sch1: 'para-2' },
      decide: (_, now) => verifyEligibility({ subjectRef, ...body }, now),
    })
    return { subjectRef, ...answer }
  }
}

@ApiTags('intake')
@Controller('subjects/:subjectRef/eligibility')
export class VerifyEligibilityController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    summary: 'Record evidence of a STARS service (C11)',
    roles: rolesThatMay('VERIFY_ELIGIBILITY', 'COMMAND'),
    refusals: verifyEligibilityRefusals,
    answers: SubjectAnswer,
  })
  verify(
    @Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string,
    @Body() body: EligibilityBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new VerifyEligibilityCommand(subjectRef as SubjectRef, body, told))
  }
}
