import { Body, Controller } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { derivedId } from '#commands/ids'
import { channels } from '#domain/person/channels'
import { referralSources, serviceAreas } from '#domain/person/intake/events'
import { isNhsNumber, normalisedNhsNumber } from '#domain/person/intake/nhs-number'
import { type ReceiveReferral, type ReferralFacts, receiveReferral, receiveReferralRefusals } from '#domain/person/intake/receive-referral'
import { isErased } from '#domain/person/keys/keys'
import { person as personStream } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { refusalText } from '#kernel/refusals'
import { Commands } from '#nest/door'
import { DateOnly, Flag, Nested, OneOf, PastInstant, PolicyCode, Text } from '#nest/fields'
import { Refused } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { rolesThatMay } from '#policy/capabilities'
import type { IndexMatch } from '#subject-keys/subject-keys'
import { indexEntriesOf } from '#subject-keys/search-values'
import { SubjectAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'
import { Vault } from '../vault.js'

class ReferredPerson {
  @Text(200) name!: string
  @DateOnly({ optional: true }) dateOfBirth?: string
  @Text(20, { optional: true, description: 'Ten digits; spaces and hyphens are allowed.' }) nhsNumber?: string
  @Text(50, { optional: true }) phone?: string
  @Text(320, { optional: true }) email?: string
  @Text(500, { optional: true }) address?: string
}

export class ReferralBody {
  @PolicyCode({ known: referralSources }) source!: string
  @OneOf(channels) channel!: ReceiveReferral['channel']
  @PolicyCode({ known: serviceAreas }) serviceArea!: string
  @PastInstant() receivedAt!: string
  @OneOf(['YES', 'UNKNOWN'], { description: 'What the referrer says; kept as a claim unless the person refers themselves.' }) serviceWish!:
    'YES' | 'UNKNOWN'
  @Nested(() => ReferredPerson) person!: ReferredPerson
  @Text(2_000, { optional: true }) reason?: string
  @Flag({ optional: true, description: 'A person has compared the two referrals.' }) confirmedNotDuplicate?: boolean
}

export class ReferralAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) referralId!: string
}

export class ReceiveReferralCommand extends Command<ReferralAnswer> {
  constructor(
    readonly body: ReferralBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

/** A reservation whose stream never appeared is another referral in flight for this long, and forgotten afterwards. */
const inFlightMs = 60_000
const sealed = (text: string | undefined) => (text === undefined ? undefined : Personal.of(text))

@CommandHandler(ReceiveReferralCommand)
export class ReceiveReferralHandler implements ICommandHandler<ReceiveReferralCommand> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly vault: Vault,
  ) {}

  async execute({ body, told }: ReceiveReferralCommand): Promise<ReferralAnswer> {
    const commandId = this.desk.commandId(told)
    const subjectRef = derivedId(commandId, 'subject') as SubjectRef
    const referralId = derivedId(commandId, 'referral') as ReceiveReferral['referralId']
    await this.desk.assertNotMisused(told, subjectRef)
    const facts = await this.#facts(commandId, subjectRef, body.person)
    try {
      const { answer } = await this.desk.decide(told, {
        command: 'ReceiveReferral',
        aggregate: personStream,
        id: subjectRef,
        purpose: 'REFERRAL_INTAKE',
        basis: { art6: 'f', art9: '9-2-h', sch1: 'para-2' },
        decide: () => receiveReferral(referralOf(body, subjectRef, referralId), facts),
      })
      return { subjectRef, referralId, ...answer }
    } catch (error) {
      if (error instanceof Refused && !(await this.desk.wasAccepted(told, personStream, subjectRef)))
        await this.vault.keys.release(commandId)
      throw error instanceof Refused ? namingTheField(error) : error
    }
  }

  /** What the personal values say, as codes: whether the number is one, and whether somebody open has the same. */
  async #facts(commandId: string, subjectRef: SubjectRef, { name, dateOfBirth, nhsNumber, phone }: ReferredPerson): Promise<ReferralFacts> {
    const number = nhsNumber === undefined ? 'NOT_GIVEN' : isNhsNumber(nhsNumber) ? 'VALID' : 'INVALID'
    const before = await this.desk.folds.load(personStream, subjectRef)
    if (number === 'INVALID' || before.commands.has(commandId)) return { nhsNumber: number, openDuplicates: 0 }
    const matches = await this.vault.keys.reserve(
      commandId,
      subjectRef,
      indexEntriesOf({ name, dateOfBirth, nhsNumber, phone }, { identity: 'REF', contact: 'REF' }),
    )
    const open = await Promise.all(matches.filter(({ field }) => field !== 'phone').map(match => this.#isOpen(match)))
    return { nhsNumber: number, openDuplicates: open.filter(Boolean).length }
  }

  async #isOpen({ subject, reservedAt }: IndexMatch): Promise<boolean> {
    const {
      state: { intake, keys },
    } = await this.desk.folds.load(personStream, subject)
    if (!intake.referral) return Date.parse(this.desk.clock.now()) - Date.parse(reservedAt) < inFlightMs
    return intake.referral.state !== 'DECLINED' && !isErased(keys)
  }
}

/** The field behind a refusal that the decision made by a code. */
const fieldOf: Readonly<Record<string, string>> = {
  SOURCE_NOT_PERMITTED: 'source',
  SERVICE_OUT_OF_SCOPE: 'serviceArea',
  NHS_NUMBER_INVALID: 'person.nhsNumber',
}
function namingTheField({ refusal, errors }: Refused): Refused {
  const field = fieldOf[refusal.code]
  return new Refused(refusal, field === undefined ? errors : [{ field, rule: refusalText(refusal.code).rule }])
}

function referralOf(
  { person, reason, confirmedNotDuplicate, ...body }: ReferralBody,
  subjectRef: SubjectRef,
  referralId: ReceiveReferral['referralId'],
): ReceiveReferral {
  return {
    ...body,
    subjectRef,
    referralId,
    confirmedNotDuplicate: confirmedNotDuplicate ?? false,
    reason: sealed(reason),
    person: {
      name: Personal.of(person.name),
      dateOfBirth: sealed(person.dateOfBirth),
      phone: sealed(person.phone),
      email: sealed(person.email),
      address: sealed(person.address),
      nhsNumber: sealed(person.nhsNumber === undefined ? undefined : normalisedNhsNumber(person.nhsNumber)),
    },
  }
}

@ApiTags('intake')
@Controller('referrals')
export class ReceiveReferralController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    creates: true,
    summary: 'Receive a referral (C10)',
    roles: rolesThatMay('RECEIVE_REFERRAL', 'COMMAND'),
    refusals: receiveReferralRefusals,
    answers: ReferralAnswer,
  })
  receive(@Body() body: ReferralBody, @TheRequest() told: RequestFacts) {
    return this.commands.execute(new ReceiveReferralCommand(body, told))
  }
}
