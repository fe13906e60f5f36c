import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import { type Channel, channels } from '#domain/person/channels'
import { withdrawConsent, withdrawConsentRefusals } from '#domain/person/consent/withdraw-consent'
import { person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import { Commands } from '#nest/door'
import { Flag, OneOf, PolicyCode } from '#nest/fields'
import { refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { SubjectAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'

export class WithdrawConsentBody {
  @PolicyCode({ optional: true }) recipient?: string
  @PolicyCode({ optional: true }) purpose?: string
  @Flag({ optional: true, description: 'Withdraws every consent.' }) all?: boolean
  @OneOf(channels) channel!: Channel
}

export class WithdrawConsentCommand extends Command<SubjectAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly body: WithdrawConsentBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@CommandHandler(WithdrawConsentCommand)
export class WithdrawConsentHandler implements ICommandHandler<WithdrawConsentCommand> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({ subjectRef, body, told }: WithdrawConsentCommand): Promise<SubjectAnswer> {
    const which = whichOf(body)
    const { answer } = await this.desk.decide(told, {
      command: 'WithdrawConsent',
      aggregate: person,
      id: subjectRef,
      purpose: 'SERVICE_PROVISION',
      basis: { art6: 'c' },
      decide: (_, now) => withdrawConsent({ subjectRef, which, channel: body.channel, withdrawnAt: now }),
    })
    return { subjectRef, ...answer }
  }
}

function whichOf({ recipient, purpose, all }: WithdrawConsentBody) {
  if (all === true && recipient === undefined && purpose === undefined) return 'ALL' as const
  if (all !== true && recipient !== undefined && purpose !== undefined) return { recipient, purpose }
  throw refusedAs('INVALID_REQUEST', [{ rule: 'must name a recipient and a purpose, or say all: true' }])
}

@ApiTags('consent')
@Controller('subjects/:subjectRef/consents/withdraw')
export class WithdrawConsentController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    summary: 'Withdraw a consent, or all of them; never refused for the state of the record (C32)',
    roles: rolesThatMay('RECEIVE_WITHDRAWAL', 'COMMAND'),
    underAudit: 'NOT_NEEDED',
    refusals: withdrawConsentRefusals,
    answers: SubjectAnswer,
  })
  withdraw(
    @Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string,
    @Body() body: WithdrawConsentBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new WithdrawConsentCommand(subjectRef as SubjectRef, body, told))
  }
}
