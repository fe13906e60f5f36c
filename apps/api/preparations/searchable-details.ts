import { Injectable } from '@nestjs/common'
import type { DetailsFacts, RecordDetails } from '#domain/person/details/record-details'
import { isBornAfter } from '#calendar/plausible-dates'
import { isNhsNumber, normalisedNhsNumber } from '#domain/person/intake/nhs-number'
import { type Person, person } from '#domain/person/person'
import type { JsonValue } from '#kernel/json'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { refusedAs } from '#nest/problems'
import type { RequestFacts } from '#nest/request'
import { Opening } from '#opening/opening'
import { recordersOf } from '#policy/capabilities'
import type { PolicyFacts } from '#policy/policy'
import { type Searchable, indexEntriesOf } from '#subject-keys/search-values'
import { inOrder } from '#subject-keys/standing-values'
import type { DetailsBody } from '../bodies/details.js'
import { CommandDesk } from '../command-desk.js'
import { Vault } from '../vault.js'
import { unknownAmong } from './by-field-schema.js'

type DetailsToPrepare = ToPrepare<RecordDetails, DetailsBody>
const identityFields = { name: 'ID', dateOfBirth: 'ID', nhsNumber: 'ID', phone: 'CON' } as const

/** What the fields say, as codes; and what people can be found by goes into the blind index before the append: a refusal takes it back. */
@Injectable()
export class SearchableDetails implements Preparation<RecordDetails, DetailsBody, DetailsFacts> {
  /** At which revision a request found the record that it indexed. */
  readonly #preparedAt = new WeakMap<RequestFacts, bigint>()

  constructor(
    private readonly desk: CommandDesk,
    private readonly vault: Vault,
    private readonly opening: Opening,
  ) {}

  /** A value that breaks the rule of its field is wrong whoever sends it to whom; but only to those of its row is it said. */
  async check({ body, request, input: { subjectRef } }: DetailsToPrepare): Promise<void> {
    if (!mayRecord(body, request)) return
    await this.#facts(body)
    if (body.category === 'ID') await this.#assertBornBefore(subjectRef, body.items['dateOfBirth'])
  }

  /** When they were referred stands in the clear: who was born later is somebody else. */
  async #assertBornBefore(subjectRef: string, dateOfBirth: JsonValue | undefined) {
    if (typeof dateOfBirth !== 'string') return
    const { referral } = (await this.desk.folds.load(person, subjectRef)).state.intake
    if (referral && isBornAfter(dateOfBirth, referral.receivedAt))
      throw refusedAs('INVALID_REQUEST', [{ field: 'items.dateOfBirth', rule: 'must not lie after the referral was received' }])
  }

  async prepare({ body, request, input: { subjectRef } }: DetailsToPrepare): Promise<DetailsFacts> {
    if (!mayRecord(body, request)) return { mayRecord: false, unknownFields: 0, nhsNumber: 'NOT_GIVEN' }
    const items = tidied(body)
    const facts = await this.#facts(body)
    const isFine = facts.unknownFields === 0 && facts.nhsNumber !== 'INVALID'
    if (isFine && !(await this.desk.wasAccepted(request, person, subjectRef))) await this.#index(request, subjectRef, body.category, items)
    return facts
  }

  /**
   * What was corrected is not found any more. Where somebody else changed the record in between, the pair of name and date of birth may be
   * one that never was: it is entered again, of what is held now.
   */
  async settle({ body, request, input: { subjectRef } }: DetailsToPrepare): Promise<void> {
    const names = Object.keys(tidied(body)).filter(name => (identityFields as Readonly<Record<string, string>>)[name] === body.category)
    if (names.length === 0) return
    const { commands } = await this.desk.folds.load(person, subjectRef)
    const commandId = this.desk.commandId(request)
    const preparedAt = this.#preparedAt.get(request)
    if (preparedAt !== undefined && commands.get(commandId)?.from !== preparedAt + 1n) {
      await this.vault.keys.release(commandId)
      await this.#index(request, subjectRef, body.category, tidied(body))
    }
    await this.vault.keys.settle(subjectRef, inOrder(commands))
  }

  async takeBack({ request }: DetailsToPrepare): Promise<void> {
    await this.vault.keys.release(this.desk.commandId(request))
  }

  async #facts(body: DetailsBody): Promise<DetailsFacts> {
    const now = this.desk.clock.now()
    return factsOf(body.category, tidied(body), await this.desk.policies.inForce(now), now)
  }

  async #index(request: RequestFacts, subjectRef: string, category: string, items: Readonly<Record<string, JsonValue>>) {
    const { state, revision } = await this.desk.folds.load(person, subjectRef)
    if (revision === 'no_stream' || state.keys.closed.has('ID') || state.keys.closed.has('CON')) return
    this.#preparedAt.set(request, revision)
    const named: Searchable = Object.fromEntries(
      Object.entries(identityFields).flatMap(([name, of]) =>
        of === category && typeof items[name] === 'string' ? [[name, items[name]]] : [],
      ),
    )
    const searchable = category === 'ID' ? { ...(await this.#otherHalf(request, subjectRef, state, named)), ...named } : named
    await this.vault.keys.reserve(this.desk.commandId(request), subjectRef, indexEntriesOf(searchable, { identity: 'ID', contact: 'CON' }))
  }

  /** People are found by name and date of birth together: where one of them is new, the other is opened, on record, to index the pair. */
  async #otherHalf(request: RequestFacts, subjectRef: string, { held }: Person, named: Searchable): Promise<Searchable> {
    if ((named.name === undefined) === (named.dateOfBirth === undefined)) return {}
    const [name, field] = named.name === undefined ? (['name', 'ID.name'] as const) : (['dateOfBirth', 'ID.dateOfBirth'] as const)
    const other = held.get(field)
    if (!other) return {}
    const asked = { subjectRef, fields: [[field, other]], purpose: 'SERVICE_PROVISION', what: 'CASE' } as const
    const opened = (await this.opening.held(request, asked)).get(field)
    return opened === undefined ? {} : { [name]: opened as string }
  }
}

const mayRecord = ({ category }: DetailsBody, { actor }: RequestFacts) => recordersOf(category).some(role => role === actor.role)

/** NHS numbers are kept as ten digits. */
export const tidied = ({ category, items }: DetailsBody) =>
  category === 'ID' && typeof items['nhsNumber'] === 'string' ? { ...items, nhsNumber: normalisedNhsNumber(items['nhsNumber']) } : items

/** @throws Refused INVALID_REQUEST for a value that breaks the rule of a known field. */
function factsOf(category: string, items: Readonly<Record<string, JsonValue>>, policy: PolicyFacts, now: string): DetailsFacts {
  const unknownFields = unknownAmong({ category, items }, policy, now)
  const number = items['nhsNumber']
  return {
    mayRecord: true,
    unknownFields,
    nhsNumber: category !== 'ID' || typeof number !== 'string' ? 'NOT_GIVEN' : isNhsNumber(number) ? 'VALID' : 'INVALID',
  }
}
