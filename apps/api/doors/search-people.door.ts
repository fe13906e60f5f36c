import { Body, Controller } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags, getSchemaPath } from '@nestjs/swagger'
import { otherRecordsOf } from '#commands/records-of-one'
import { isErased } from '#domain/person/keys/keys'
import { hasNhsCheckDigit } from '#domain/person/intake/nhs-number'
import { type Person, person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import type { JsonValue } from '#kernel/json'
import { Asks } from '#nest/door'
import { DateOnly, PolicyCode } from '#nest/fields'
import { Line } from '#nest/personal-fields'
import { Refused, refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { type Need, Opening, type SealedRecord } from '#opening/opening'
import { recordCapabilities, rolesThatMay } from '#policy/capabilities'
import { findCase } from '#read-models/case-view/queries'
import { entriesOfBefore, indexEntriesOf } from '#subject-keys/search-values'
import { stillStands } from '#subject-keys/standing-values'
import { CommandDesk } from '../command-desk.js'
import { Reading } from '../reading.js'
import { ErasedValue, MaskedValue, answersOf } from '../values.js'
import { Vault } from '../vault.js'

export class SearchBody {
  @Line(20, { optional: true }) nhsNumber?: string
  @Line(200, { optional: true }) name?: string
  @DateOnly({ optional: true }) dateOfBirth?: string
  @Line(50, { optional: true }) phone?: string
  @PolicyCode() purpose!: string
}
class SearchHit {
  @ApiProperty() subjectRef!: string
  @ApiProperty({ required: false }) state?: string
  @ApiProperty({ type: [String], description: 'The subjectRefs of the person’s other records: they are among the hits.' })
  otherRecords!: readonly string[]
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { $ref: getSchemaPath(MaskedValue) }, { $ref: getSchemaPath(ErasedValue) }] },
  })
  fields!: Readonly<Record<string, JsonValue | MaskedValue | ErasedValue>>
}
export class SearchAnswer {
  @ApiProperty({ type: () => [SearchHit] }) items!: readonly SearchHit[]
}

export class SearchPeople extends Query<SearchAnswer> {
  constructor(
    readonly body: SearchBody,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

/** A search shows who was found, not the record. */
const shownFields = ['ID.name', 'ID.dateOfBirth', 'ID.nhsNumber', 'CON.phone']

@QueryHandler(SearchPeople)
export class SearchPeopleHandler implements IQueryHandler<SearchPeople> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly reading: Reading,
    private readonly vault: Vault,
    private readonly opening: Opening,
  ) {}

  async execute({ body, told }: SearchPeople): Promise<SearchAnswer> {
    const need = await this.opening.needToKnow(told, body.purpose)
    if (!need.ok) throw new Refused(need.refusal)
    const { entries, by } = askedBy(body)
    const found = await this.#found(entries)
    await this.desk.records.accesses.search(told, body.purpose, by, found.length)
    const items: SearchHit[] = []
    for (const { subjectRef, state, position, others } of found) {
      if (position === undefined || isErased(state.keys)) continue
      const row = await this.reading.lately('case-view', position, () => findCase(this.reading.sql, subjectRef))
      if (!row) continue
      const facts = {
        ...row.facts,
        fields: Object.fromEntries(Object.entries(row.facts.fields).filter(([field]) => shownFields.includes(field))),
      }
      items.push({
        subjectRef,
        otherRecords: others.map(other => other.subjectRef),
        fields: await this.#shown(told, need.value, subjectRef, { facts, values: row.values }),
        ...(facts.referral ? { state: facts.referral.state } : {}),
      })
    }
    return { items }
  }

  /** Whoever looks for somebody by an exact value knows it: that they are here is said, and no more where the record is closed to them. */
  async #shown(told: RequestFacts, need: Need, subjectRef: string, record: SealedRecord): Promise<SearchHit['fields']> {
    const way = await this.opening.wayTo(told, recordCapabilities, subjectRef)
    if (!way.ok) return answersOf(Object.fromEntries(Object.keys(record.facts.fields).map(field => [field, 'masked'])))
    return answersOf(await this.opening.record({ ...need, way: way.value }, subjectRef, record))
  }

  /** Everybody whose record says the same as an entry of theirs: not whoever was found by it once. */
  async #found(entries: readonly Asked[]) {
    const matches = (await Promise.all(entries.map(entry => this.vault.keys.find(entry)))).flat()
    const subjects = [...new Set(matches.map(({ subject }) => subject as SubjectRef))]
    const loaded = await Promise.all(
      subjects.map(async subjectRef => ({ subjectRef, ...(await this.desk.folds.load(person, subjectRef)) })),
    )
    const now = this.desk.clock.now()
    const standing = loaded.filter(({ subjectRef, commands }) =>
      matches.some(match => match.subject === subjectRef && stillStands(match, commands, now)),
    )
    return this.#withOtherRecords(standing)
  }

  /** C10: whoever is found by one of their records is found with all of them. */
  async #withOtherRecords(found: readonly FoundRecord[]): Promise<readonly FoundPerson[]> {
    const hits: FoundPerson[] = []
    for (const one of found) {
      if (hits.some(({ subjectRef }) => subjectRef === one.subjectRef)) continue
      const all = [one, ...(await otherRecordsOf(this.desk.folds, one.subjectRef, one.state))]
      hits.push(...all.map(record => ({ ...record, others: all.filter(other => other !== record) })))
    }
    return hits
  }
}
type FoundRecord = { readonly subjectRef: SubjectRef; readonly state: Person; readonly position: bigint | undefined }
type FoundPerson = FoundRecord & { readonly others: readonly FoundRecord[] }
type Asked = Parameters<Vault['keys']['find']>[0]

/** Exactly one way of asking. @throws Refused INVALID_REQUEST, NHS_NUMBER_INVALID */
function askedBy({ nhsNumber, name, dateOfBirth, phone }: SearchBody) {
  const asked = [nhsNumber !== undefined, name !== undefined || dateOfBirth !== undefined, phone !== undefined].filter(Boolean).length
  if (asked !== 1 || (name === undefined) !== (dateOfBirth === undefined))
    throw refusedAs('INVALID_REQUEST', [{ rule: 'must give an nhsNumber, or a name and a dateOfBirth, or a phone' }])
  if (nhsNumber !== undefined && !hasNhsCheckDigit(nhsNumber)) throw refusedAs('NHS_NUMBER_INVALID')
  const entries = indexEntriesOf({ nhsNumber, name, dateOfBirth, phone }, { identity: 'ID', contact: 'CON' })
  if (entries.length === 0) throw refusedAs('INVALID_REQUEST')
  const by = nhsNumber !== undefined ? 'NHS_NUMBER' : phone !== undefined ? 'PHONE' : 'NAME_AND_DATE_OF_BIRTH'
  return { entries: [...entries, ...entriesOfBefore({ name, dateOfBirth })], by } as const
}

@ApiTags('record')
@Controller('subjects/search')
export class SearchPeopleController {
  constructor(private readonly queries: QueryBus) {}

  @Asks({
    path: '',
    summary: 'Find people by an exact value; the search and every hit are logged',
    roles: rolesThatMay('RECORD_BASICS', 'READ'),
    refusals: ['PURPOSE_NOT_REGISTERED', 'NO_NEED_TO_KNOW', 'NHS_NUMBER_INVALID'],
    answers: SearchAnswer,
  })
  search(@Body() body: SearchBody, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new SearchPeople(body, told))
  }
}
