import { Body, Controller } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { canonicalJson } from '#event-kit/canonical'
import type { JsonValue } from '#kernel/json'
import { type RefusalCode, refusals, statusOf } from '#kernel/refusals'
import { Commands } from '#nest/door'
import { Count, textThat } from '#nest/fields'
import { FieldProblem, refusalDetail, refusalOfError, refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { bodyValidation } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { ReferralBody } from '../bodies/intake.js'
import { CommandDesk } from '../command-desk.js'
import { type ReferralLine, columnNames, columnOf, mostLines, referralsIn } from '../referral-file.js'
import { receiveReferralDoor } from './intake.doors.js'

const mostCharacters = 400_000
/** Less than a caller is kept waiting: what is left is taken by the next request. */
const patienceMs = 8_000

const file = `The first line names the columns: ${columnNames.join(', ')}. At most ${String(mostLines)} referrals follow.`
export class ReferralImportBody {
  @textThat({ name: 'csv', rule: 'must be text', fits: () => true }, mostCharacters, {
    description: `${file} Cells are text as it stands there; an empty one is left out.`,
  })
  csv!: string
  @Count({ optional: true, atLeast: 2, description: 'The line to go on from: `next` of the answer before. From the first unless told.' })
  fromLine?: number
}
class ImportedLine {
  @ApiProperty({ description: 'The line of the file on which the referral ends.' }) line!: number
  @ApiProperty({ enum: ['TAKEN', 'REFUSED'] }) state!: 'TAKEN' | 'REFUSED'
  @ApiProperty({ format: 'uuid', required: false }) subjectRef?: string
  @ApiProperty({ enum: Object.keys(refusals), required: false }) code?: RefusalCode
  @ApiProperty({ required: false }) rule?: string
  @ApiProperty({ required: false }) remedy?: string
  @ApiProperty({ type: () => [FieldProblem], required: false, description: 'By the names of columns; never a value.' })
  errors?: readonly FieldProblem[]
}
export class ReferralImportAnswer {
  @ApiProperty({ description: 'How many were taken, also before: they have one reference each, however often the file is sent.' })
  taken!: number
  @ApiProperty() refused!: number
  @ApiProperty({ type: () => [ImportedLine] }) lines!: readonly ImportedLine[]
  @ApiProperty({ required: false, description: 'There was no time for this line and those after it: send the same with it as fromLine.' })
  next?: number
}

export class ImportReferrals extends Command<ReferralImportAnswer> {
  constructor(
    readonly body: ReferralImportBody,
    readonly request: RequestFacts,
  ) {
    super()
  }
}

/**
 * Each line is a referral like any other, refused or taken by itself. Which one it is follows from the import's Idempotency-Key and its
 * line, and from nothing that stands in it: the same file makes nobody twice, and a line that was refused may be corrected.
 */
@CommandHandler(ImportReferrals)
export class ImportReferralsHandler implements ICommandHandler<ImportReferrals> {
  readonly #validation = bodyValidation()

  constructor(
    private readonly commands: CommandBus,
    private readonly desk: CommandDesk,
  ) {}

  async execute({ body: { csv, fromLine = 0 }, request }: ImportReferrals): Promise<ReferralImportAnswer> {
    // Without a key no line could be told from another one.
    this.desk.commandId(request)
    const until = performance.now() + patienceMs
    const lines: ImportedLine[] = []
    let next: number | undefined
    for (const one of referralsIn(csv).filter(({ line }) => line >= fromLine)) {
      if (lines.length > 0 && performance.now() > until) {
        next = one.line
        break
      }
      lines.push(await this.#taken(one, request))
    }
    const taken = lines.filter(({ state }) => state === 'TAKEN').length
    return { taken, refused: lines.length - taken, lines, ...(next === undefined ? {} : { next }) }
  }

  async #taken(one: ReferralLine, request: RequestFacts): Promise<ImportedLine> {
    const { line } = one
    const sent = 'body' in one ? one.body : {}
    const asLine = { ...request, ifMatch: undefined, path: `${request.path}/${String(line)}`, body: canonicalJson(sent as JsonValue) }
    try {
      if ('errors' in one) throw refusedAs('INVALID_REQUEST', one.errors)
      const body = (await this.#validation.transform(sent, { type: 'body', metatype: ReferralBody })) as ReferralBody
      const { subjectRef } = await this.commands.execute(new receiveReferralDoor.Message({}, body, asLine))
      return { line, state: 'TAKEN', subjectRef }
    } catch (error) {
      return { line, state: 'REFUSED', ...(await this.#told(error, asLine)) }
    }
  }

  /** @throws what is no refusal: the same file is sent again once the service is well */
  async #told(error: unknown, asLine: RequestFacts): Promise<Pick<ImportedLine, 'code' | 'rule' | 'remedy' | 'errors'>> {
    const { refusal, errors } = refusalOfError(error)
    if (statusOf(refusal.code) >= 500) throw error
    // What was refused may come back corrected; what was taken may not come back as somebody else.
    if (refusal.code !== 'IDEMPOTENCY_KEY_REUSED') await this.desk.forget(asLine)
    const { code, rule, remedy } = refusalDetail(refusal.code)
    const named = errors.map(({ field, rule: broken }) => ({ ...(field === undefined ? {} : { field: columnOf(field) }), rule: broken }))
    return { code, rule, remedy, ...(named.length > 0 ? { errors: named } : {}) }
  }
}

@ApiTags('intake')
@Controller('referral-imports')
export class ReferralImportController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    summary:
      'Receive the referrals of a CSV file: the good lines are taken, and of each other one is said which rule it breaks (C10). '
      + 'Sent again under the same key, it makes nobody twice, and takes the lines that were corrected',
    roles: rolesThatMay('RECEIVE_REFERRAL', 'COMMAND'),
    refusals: [],
    answers: ReferralImportAnswer,
  })
  import(@Body() body: ReferralImportBody, @TheRequest() request: RequestFacts) {
    return this.commands.execute(new ImportReferrals(body, request))
  }
}
