import { Controller, Query as QueryParams } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiExtraModels, ApiProperty, ApiTags, getSchemaPath } from '@nestjs/swagger'
import type { DecodedEvent } from '#event-codec/codec'
import { linkedTo, noLinks, possiblySame } from '#domain/person/links/links'
import { person } from '#domain/person/person'
import type { JsonValue } from '#kernel/json'
import { Reads } from '#nest/door'
import { Checked, Instant, PolicyCode, isPosition, parsedInstant } from '#nest/fields'
import { AfterQuery } from '#nest/paging'
import { Refused, refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { Opening } from '#opening/opening'
import { recordCapabilities, rolesThatMay } from '#policy/capabilities'
import { maySee } from '#policy/reading'
import { evolveDocument } from '#projections/projection'
import { evolveCase, noCase } from '#read-models/case-view/case'
import type { Retention } from '#domain/person/retention/retention'
import { type Case, withFacts } from '#read-models/case-view/facts'
import { type CaseRow, findCase } from '#read-models/case-view/queries'
import { CaseContact, CaseNotice, contactOf } from '../case-contact.js'
import { CaseEpisode, episodeOf } from '../case-episode.js'
import { CaseSource, CaseStanding, standingOf } from '../case-standing.js'
import { CommandDesk } from '../command-desk.js'
import { History } from '../history.js'
import { Reading } from '../reading.js'
import { ErasedValue, MaskedValue, answersOf } from '../values.js'
import { closedRecord } from '../words-on-record.js'

class CaseQuery extends AfterQuery {
  @PolicyCode({ description: 'A registered purpose that the reader’s role may read for.' }) purpose!: string
  @Checked(
    'asOf',
    'must be a position (digits) or an RFC 3339 instant',
    value => isPosition(value) || parsedInstant(value) !== undefined,
    { type: 'string' },
    { optional: true, description: 'What was known then: a position, or the time at which the store had recorded it.' },
  )
  asOf?: string
  @Instant({ optional: true, description: 'What had happened by then, whenever it was recorded.' }) effectiveAt?: string
}

class CaseReferral {
  @ApiProperty() referralId!: string
  @ApiProperty() source!: string
  @ApiProperty() channel!: string
  @ApiProperty() serviceArea!: string
  @ApiProperty() receivedAt!: string
  @ApiProperty() wish!: string
  @ApiProperty() wishClaimed!: string
  @ApiProperty() state!: string
}
class CaseWishCheck {
  @ApiProperty({ format: 'uuid', description: 'The staffRef of whoever asks the person.' }) owner!: string
  @ApiProperty({ format: 'date-time' }) requestedAt!: string
  @ApiProperty({ format: 'date-time', description: 'From then on a team leader decides.' }) due!: string
  @ApiProperty({ type: [String], description: 'The days on which somebody tried, by a way that was safe.' }) triedOn!: readonly string[]
}
class CaseEligibility {
  @ApiProperty() outcome!: string
  @ApiProperty() evidenceType!: string
  @ApiProperty() checkedAt!: string
  @ApiProperty({ required: false }) validUntil?: string
}
class CaseRetention {
  @ApiProperty({ format: 'date', description: 'The last day on which the service was used.' }) endedOn!: string
  @ApiProperty({ format: 'date', description: 'The last day on which what is held is kept.' }) expires!: string
  @ApiProperty({ description: 'The retention policy that says so.' }) retentionVersion!: string
}
class CaseConsentAnswer {
  @ApiProperty() recipient!: string
  @ApiProperty() purpose!: string
  @ApiProperty({ enum: ['GIVEN', 'REFUSED', 'WITHDRAWN'] }) state!: string
  @ApiProperty() form!: string
  @ApiProperty() formVersion!: string
  @ApiProperty({ type: [String] }) categories!: readonly string[]
  @ApiProperty() since!: string
  @ApiProperty({ type: String, required: false }) validUntil?: string | undefined
}
class CaseDisclosureAnswer {
  @ApiProperty() disclosureId!: string
  @ApiProperty() recipient!: string
  @ApiProperty() purpose!: string
  @ApiProperty() state!: string
  @ApiProperty() at!: string
}
class CaseErasureAnswer {
  @ApiProperty() requestId!: string
  @ApiProperty() state!: string
  @ApiProperty() receivedAt!: string
  @ApiProperty() due!: string
}
@ApiExtraModels(MaskedValue, ErasedValue)
export class CaseAnswer {
  @ApiProperty() subjectRef!: string
  @ApiProperty() revision!: string
  @ApiProperty({ description: 'The last position of this person’s that the answer shows.' }) position!: string
  @ApiProperty({ description: 'False: more is on record of this person than the answer shows yet; ask again, or with `after`.' })
  complete!: boolean
  @ApiProperty() purpose!: string
  @ApiProperty({ required: false, type: () => CaseReferral }) referral?: CaseReferral
  @ApiProperty({ required: false, type: () => CaseWishCheck, description: 'While the person is asked whether they want the service.' })
  wishCheck?: CaseWishCheck
  @ApiProperty({ required: false, type: () => CaseEligibility }) eligibility?: CaseEligibility
  @ApiProperty({ required: false, type: () => CaseEpisode }) episode?: CaseEpisode
  @ApiProperty({ required: false, type: () => CaseContact, description: 'Once the person said so; what they need is among the fields.' })
  contact?: CaseContact
  @ApiProperty({ required: false, type: () => CaseNotice, description: 'The one that the person was given last.' }) notice?: CaseNotice
  @ApiProperty({ type: [String], description: 'The subjectRefs of other records of the same person.' })
  otherRecords!: readonly string[]
  @ApiProperty({ type: [String], description: 'Records that may be of the same person: nobody has compared them yet.' })
  possiblySame!: readonly string[]
  @ApiProperty({ required: false, type: () => CaseRetention, description: 'Once somebody has stopped using the service.' })
  retention?: CaseRetention
  @ApiProperty({
    type: 'object',
    description: '`<category>.<name>` → the value, or that it is masked or erased.',
    additionalProperties: {
      oneOf: [
        { type: 'string' },
        { type: 'boolean' },
        { type: 'array', items: { type: 'string' } },
        { $ref: getSchemaPath(MaskedValue) },
        { $ref: getSchemaPath(ErasedValue) },
      ],
    },
  })
  fields!: Readonly<Record<string, JsonValue | MaskedValue | ErasedValue>>
  @ApiProperty({ type: () => [CaseStanding], description: 'In the order in which they were recorded.' }) facts!: readonly CaseStanding[]
  @ApiProperty({ type: () => [CaseSource], description: 'Where each field comes from.' }) sources!: readonly CaseSource[]
  @ApiProperty({ type: [String], description: 'What the person would rather not say.' }) declined!: readonly string[]
  @ApiProperty({ type: () => [CaseConsentAnswer], description: 'Always as the person’s own history has them, however old the rest is.' })
  consents!: readonly CaseConsentAnswer[]
  @ApiProperty({ type: () => [CaseDisclosureAnswer] }) disclosures!: readonly CaseDisclosureAnswer[]
  @ApiProperty({ type: () => [CaseErasureAnswer] }) erasureRequests!: readonly CaseErasureAnswer[]
  @ApiProperty({ description: 'True once everything that dies with the person is erased.' }) erased!: boolean
  @ApiProperty({ required: false }) erasedAt?: string
  @ApiProperty({ type: [String] }) erasedScopes!: readonly string[]
}

const retentionOf = ({ endedOn, expires, retentionVersion }: Retention): CaseRetention => ({ endedOn, expires, retentionVersion })
type FoundCase = CaseRow & { readonly complete: boolean }

export class GetCase extends Query<CaseAnswer> {
  constructor(
    readonly subjectRef: string,
    readonly query: CaseQuery,
    readonly told: RequestFacts,
  ) {
    super()
  }
}

@QueryHandler(GetCase)
export class GetCaseHandler implements IQueryHandler<GetCase> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly reading: Reading,
    private readonly history: History,
    private readonly opening: Opening,
  ) {}

  async execute({ subjectRef, query, told }: GetCase): Promise<CaseAnswer> {
    const need = await this.opening.needOfRecord(told, query.purpose, subjectRef)
    if (!need.ok) throw new Refused(need.refusal)
    const found =
      query.asOf === undefined && query.effectiveAt === undefined
        ? await this.#current(subjectRef, query.after)
        : await this.#past(subjectRef, query)
    if (!found || found.facts.referral === undefined) throw refusedAs('NOT_FOUND')
    const { facts, revision, position, complete } = found
    const { links = noLinks } = facts
    const fields = await this.opening.record(need.value, subjectRef, found)
    return {
      subjectRef,
      revision: String(revision),
      position: String(position),
      complete,
      purpose: query.purpose,
      fields: answersOf(fields),
      ...(facts.referral ? { referral: facts.referral } : {}),
      ...(facts.wishCheck ? { wishCheck: facts.wishCheck } : {}),
      ...(facts.eligibility ? { eligibility: facts.eligibility } : {}),
      ...(facts.episode ? { episode: episodeOf(facts.episode) } : {}),
      ...contactOf(facts.contact),
      ...standingOf(facts, category => maySee(told.actor.role, category, need.value.categories)),
      otherRecords: linkedTo(links),
      possiblySame: possiblySame(links),
      ...(facts.retention ? { retention: retentionOf(facts.retention) } : {}),
      consents: Object.values(facts.consents).map(({ eventId: _, ...consent }) => consent),
      disclosures: Object.values(facts.disclosures),
      erasureRequests: Object.values(facts.erasureRequests),
      erased: facts.erasedAt !== undefined,
      ...(facts.erasedAt ? { erasedAt: facts.erasedAt } : {}),
      erasedScopes: facts.erasedScopes,
    }
  }

  /** The view; but consents from the history, which the view may be behind: a consent that was withdrawn is never shown as given. */
  async #current(subjectRef: string, after: string | undefined): Promise<FoundCase | undefined> {
    const { position, state } = await this.desk.folds.load(person, subjectRef)
    if (position === undefined) return undefined
    const find = () => findCase(this.reading.sql, subjectRef)
    const { found: row, complete } = await this.reading.ofOne('case-view', `person-${subjectRef}`, position, after, find)
    const consents = Object.fromEntries(state.consents)
    return row && { ...withFacts(row, { consents }), complete: complete || row.position >= position }
  }

  /** The same fold over the history, up to a position, to what was recorded by a time, or to what had happened by a time. */
  async #past(subjectRef: string, { asOf, effectiveAt }: CaseQuery): Promise<FoundCase | undefined> {
    const known = knownBy(asOf)
    let state: Case = noCase
    let last: DecodedEvent | undefined
    let latest = ''
    for await (const event of this.history.ofPerson(subjectRef)) {
      // Recorded times can step back where a clock did: what counts is the latest time so far.
      latest = event.meta.recordedAt > latest ? event.meta.recordedAt : latest
      if (!known(event.meta.position, latest)) break
      if (effectiveAt !== undefined && event.meta.occurredAt > effectiveAt) continue
      state = evolveDocument({ evolve: evolveCase }, state, event)
      last = event
    }
    return last && { ...state, revision: last.meta.revision, position: last.meta.position, complete: true }
  }
}

function knownBy(asOf: string | undefined): (position: bigint, latest: string) => boolean {
  if (asOf === undefined) return () => true
  if (isPosition(asOf)) return position => position <= BigInt(asOf)
  const time = parsedInstant(asOf) ?? ''
  return (_, latest) => latest <= time
}

@ApiTags('record')
@Controller('subjects/:subjectRef/case')
export class CaseViewController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'The case view, masked by role and purpose; the read is logged before anything is opened',
    roles: rolesThatMay(recordCapabilities, 'READ'),
    refusals: ['NOT_FOUND', 'PURPOSE_NOT_REGISTERED', ...closedRecord],
    answers: CaseAnswer,
  })
  get(@IdInPath('subjectRef') subjectRef: string, @QueryParams() query: CaseQuery, @TheRequest() told: RequestFacts) {
    return this.queries.execute(new GetCase(subjectRef, query, told))
  }
}
