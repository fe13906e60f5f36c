import { Body, Controller, Param } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import { type Provenance, provenances } from '#domain/person/details/events'
import { type DetailsFacts, recordDetails, recordDetailsRefusals } from '#domain/person/details/record-details'
import { isNhsNumber, normalisedNhsNumber } from '#domain/person/intake/nhs-number'
import { type Person, person } from '#domain/person/person'
import { categories } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import type { JsonValue } from '#kernel/json'
import { Personal } from '#kernel/personal'
import { Commands } from '#nest/door'
import { AnyObject, OneOf, PolicyCode } from '#nest/fields'
import { type FieldProblem, Refused, refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { UuidParam } from '#nest/validation'
import { recordCapabilities, recordersOf, rolesThatMay } from '#policy/capabilities'
import { brokenRule } from '#policy/field-values'
import type { PolicyFacts } from '#policy/policy'
import { envelopeOf } from '#projections/sealed'
import { declaredFor } from '#read-models/case-view/case'
import { type Searchable, indexEntriesOf } from '#subject-keys/search-values'
import { SubjectAnswer } from '../answers.js'
import { CommandDesk } from '../command-desk.js'
import { Vault } from '../vault.js'

export class DetailsBody {
  @PolicyCode({ known: categories }) category!: string
  @AnyObject({ description: 'Field name (without the category) → value, by the field schemas in force.' }) items!: Record<string, JsonValue>
  @OneOf(provenances) provenance!: Provenance
}

export class RecordDetailsCommand extends Command<SubjectAnswer> {
  constructor(
    readonly subjectRef: SubjectRef,
    readonly body: DetailsBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

const identityFields = { name: 'ID', dateOfBirth: 'ID', nhsNumber: 'ID', phone: 'CON' } as const

@CommandHandler(RecordDetailsCommand)
export class RecordDetailsHandler implements ICommandHandler<RecordDetailsCommand> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly vault: Vault,
  ) {}

  async execute({ subjectRef, body, told }: RecordDetailsCommand): Promise<SubjectAnswer> {
    if (!recordersOf(body.category).includes(told.actor.role)) throw refusedAs('ROLE_NOT_PERMITTED')
    const items = tidied(body)
    const facts = factsOf(body.category, items, await this.desk.policies.inForce(this.desk.clock.now()))
    await this.desk.assertNotMisused(told, subjectRef)
    await this.#index(told, subjectRef, body.category, items, facts)
    try {
      const { answer } = await this.desk.decide(told, {
        command: 'RecordDetails',
        aggregate: person,
        id: subjectRef,
        purpose: 'SERVICE_PROVISION',
        basis: { art6: 'f', art9: '9-2-h', sch1: 'para-2' },
        decide: () =>
          recordDetails(
            {
              subjectRef,
              category: body.category,
              provenance: body.provenance,
              items: Object.fromEntries(Object.entries(items).map(([name, value]) => [name, Personal.of(value)])),
            },
            facts,
          ),
      })
      return { subjectRef, ...answer }
    } catch (error) {
      if (error instanceof Refused && !(await this.desk.wasAccepted(told, person, subjectRef)))
        await this.vault.keys.release(this.desk.commandId(told))
      throw error
    }
  }

  /** What people can be found by goes into the blind index before the append; a refusal takes it back. */
  async #index(
    told: RequestFacts,
    subjectRef: SubjectRef,
    category: string,
    items: Readonly<Record<string, JsonValue>>,
    { unknownFields, nhsNumber }: DetailsFacts,
  ) {
    if (unknownFields > 0 || nhsNumber === 'INVALID') return
    const { state, revision } = await this.desk.folds.load(person, subjectRef)
    if (revision === 'no_stream' || state.keys.closed.has('ID') || state.keys.closed.has('CON')) return
    const named: Searchable = Object.fromEntries(
      Object.entries(identityFields).flatMap(([name, of]) =>
        of === category && typeof items[name] === 'string' ? [[name, items[name]]] : [],
      ),
    )
    const searchable = category === 'ID' ? { ...(await this.#otherHalf(told, subjectRef, state, named)), ...named } : named
    await this.vault.keys.reserve(this.desk.commandId(told), subjectRef, indexEntriesOf(searchable, { identity: 'ID', contact: 'CON' }))
  }

  /** People are found by name and date of birth together: where one of them is new, the other is opened, on record, to index the pair. */
  async #otherHalf(told: RequestFacts, subjectRef: SubjectRef, { held }: Person, named: Searchable): Promise<Searchable> {
    if ((named.name === undefined) === (named.dateOfBirth === undefined)) return {}
    const [name, field] = named.name === undefined ? (['name', 'ID.name'] as const) : (['dateOfBirth', 'ID.dateOfBirth'] as const)
    const other = held.get(field)
    if (!other) return {}
    await this.desk.records.access(told, 'SERVICE_PROVISION', subjectRef, 'CASE', [field])
    const [opened] = await this.vault.keys.open([{ subject: subjectRef, sealed: envelopeOf(other.value), declared: declaredFor(field) }])
    return opened === undefined || opened === 'erased' ? {} : { [name]: opened.known as string }
  }
}

/** NHS numbers are kept as ten digits. */
const tidied = ({ category, items }: DetailsBody) =>
  category === 'ID' && typeof items['nhsNumber'] === 'string' ? { ...items, nhsNumber: normalisedNhsNumber(items['nhsNumber']) } : items

/** @throws Refused INVALID_REQUEST for a value that breaks the rule of a known field. */
function factsOf(category: string, items: Readonly<Record<string, JsonValue>>, policy: PolicyFacts): DetailsFacts {
  const names = Object.keys(items)
  if (names.length === 0) throw refusedAs('INVALID_REQUEST', [{ field: 'items', rule: 'must name at least one field' }])
  const problems = names.flatMap((name): readonly FieldProblem[] => {
    const schema = policy.fields.get(`${category}.${name}`)
    const rule = schema && brokenRule(schema, items[name] as JsonValue)
    return rule === undefined ? [] : [{ field: `items.${name}`, rule }]
  })
  if (problems.length > 0) throw refusedAs('INVALID_REQUEST', problems)
  const number = items['nhsNumber']
  return {
    unknownFields: names.filter(name => !policy.fields.has(`${category}.${name}`)).length,
    nhsNumber: category !== 'ID' || typeof number !== 'string' ? 'NOT_GIVEN' : isNhsNumber(number) ? 'VALID' : 'INVALID',
  }
}

@ApiTags('record')
@Controller('subjects/:subjectRef/details')
export class RecordDetailsController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    summary: 'Record details by category (C07, C08)',
    roles: rolesThatMay(recordCapabilities, 'COMMAND'),
    refusals: recordDetailsRefusals,
    answers: SubjectAnswer,
  })
  record(
    @Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string,
    @Body() body: DetailsBody,
    @TheRequest() told: RequestFacts,
  ) {
    return this.commands.execute(new RecordDetailsCommand(subjectRef as SubjectRef, body, told))
  }
}
