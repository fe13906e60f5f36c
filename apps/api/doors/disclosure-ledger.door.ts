import { Controller, Param, Query as QueryParams } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags, getSchemaPath } from '@nestjs/swagger'
import { person } from '#domain/person/person'
import { Reads } from '#nest/door'
import { Instant, OneOf, PolicyCode } from '#nest/fields'
import { refusedAs } from '#nest/problems'
import { UuidParam } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { type LedgerRow, findDisclosures } from '#read-models/disclosure-ledger/queries'
import { CommandDesk } from '../command-desk.js'
import { PageQuery, cursorOf, page, pageLimit } from '#nest/paging'
import { Reading } from '../reading.js'
import { ErasedValue, MaskedValue, erased, masked } from '../values.js'

class LedgerQuery extends PageQuery {
  @PolicyCode({ optional: true }) recipient?: string
  @OneOf(['a', 'c', 'd', 'ea', 'f'], { optional: true, description: 'UK GDPR Article 6(1), by letter.' }) basis?: string
  @OneOf(['REQUESTED', 'SENT', 'REFUSED', 'CANCELLED'], { optional: true }) state?: string
  @Instant({ optional: true, description: 'Sent at or after.' }) from?: string
  @Instant({ optional: true, description: 'Sent before.' }) to?: string
}
const word = { oneOf: [{ $ref: getSchemaPath(MaskedValue) }, { $ref: getSchemaPath(ErasedValue) }] }
/** A disclosure: everything but its words, which are sealed (catalogue §3.5). */
export class LedgerEntry {
  @ApiProperty() disclosureId!: string
  @ApiProperty() subjectRef!: string
  @ApiProperty({ enum: ['REQUESTED', 'SENT', 'REFUSED', 'CANCELLED'] }) state!: string
  @ApiProperty() recipient!: string
  @ApiProperty({ required: false, description: 'The recipient’s name at the time.' }) recipientName?: string
  @ApiProperty() direction!: string
  @ApiProperty() purpose!: string
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } }) basis!: Readonly<Record<string, string>>
  @ApiProperty() confidentialityBasis!: string
  @ApiProperty({ type: [String] }) categories!: readonly string[]
  @ApiProperty({ type: [String] }) fields!: readonly string[]
  @ApiProperty({ required: false }) itemCount?: number
  @ApiProperty({ required: false, description: 'SHA-256 over the sealed values that were shared.' }) sealedDigest?: string
  @ApiProperty(word) necessity!: MaskedValue | ErasedValue
  @ApiProperty({ required: false, ...word }) recipientContact?: MaskedValue
  @ApiProperty({ type: 'object', additionalProperties: true }) notification!: object
  @ApiProperty() urgency!: string
  @ApiProperty({ type: [String] }) reviewItems!: readonly string[]
  @ApiProperty() method!: string
  @ApiProperty({ required: false }) destinationCountry?: string
  @ApiProperty() matrixVersion!: string
  @ApiProperty({ required: false }) consentEventId?: string
  @ApiProperty({ required: false }) consentFormVersion?: string
  @ApiProperty() requestedBy!: string
  @ApiProperty() requestedAt!: string
  @ApiProperty({ required: false }) authorisedBy?: string
  @ApiProperty({ required: false }) authorisedRole?: string
  @ApiProperty({ required: false }) authorisedAt?: string
  @ApiProperty({ required: false }) sentAt?: string
  @ApiProperty({ required: false, description: 'When it left, after the consent was looked at again.' }) dispatchedAt?: string
  @ApiProperty({ required: false, description: 'How it left: STAFF, where a member of staff hands it over.' }) transport?: string
  @ApiProperty({ required: false }) cancelledBecause?: string
  @ApiProperty() eventId!: string
  @ApiProperty() position!: string
}
export class LedgerPage {
  @ApiProperty({ type: () => [LedgerEntry] }) items!: readonly LedgerEntry[]
  @ApiProperty({ required: false }) next?: string
}

function given<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}

const entryOf = (row: LedgerRow): LedgerEntry => ({
  disclosureId: row.disclosure_id,
  subjectRef: row.subject_ref,
  state: row.state,
  recipient: row.recipient,
  direction: row.direction,
  purpose: row.purpose,
  basis: given({ art6: row.art6, art9: row.art9, sch1: row.sch1, provision: row.provision }),
  confidentialityBasis: row.confidentiality_basis,
  categories: row.categories,
  fields: row.fields,
  necessity: row.necessity ? masked : erased,
  notification: row.notification,
  urgency: row.urgency,
  reviewItems: row.review_items,
  method: row.method,
  matrixVersion: row.matrix_version,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at.toISOString(),
  eventId: row.event_id,
  position: row.position,
  ...given({
    recipientName: row.recipient_name,
    itemCount: row.item_count,
    sealedDigest: row.sealed_digest,
    recipientContact: row.recipient_contact ? masked : null,
    destinationCountry: row.destination_country,
    consentEventId: row.consent_event_id,
    consentFormVersion: row.consent_form_version,
    authorisedBy: row.authorised_by,
    authorisedRole: row.authorised_role,
    authorisedAt: row.authorised_at?.toISOString(),
    sentAt: row.sent_at?.toISOString(),
    dispatchedAt: row.dispatched_at?.toISOString(),
    transport: row.transport,
    cancelledBecause: row.cancelled_because,
  }),
})

export class ListDisclosures extends Query<LedgerPage> {
  constructor(
    readonly query: LedgerQuery,
    readonly subjectRef?: string,
  ) {
    super()
  }
}

@QueryHandler(ListDisclosures)
export class ListDisclosuresHandler implements IQueryHandler<ListDisclosures> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly reading: Reading,
  ) {}

  async execute({ query, subjectRef }: ListDisclosures): Promise<LedgerPage> {
    const limit = pageLimit(query)
    const { recipient, basis, state, from, to, after } = query
    const find = () =>
      findDisclosures(this.reading.sql, { subjectRef, recipient, basis, state, from, to, after: cursorOf(query), limit: limit + 1 })
    if (subjectRef !== undefined)
      return page(
        await this.reading.allOfOne('disclosure-ledger', `person-${subjectRef}`, await this.#positionOf(subjectRef), after, find),
        limit,
        entryOf,
      )
    await this.reading.upTo('disclosure-ledger', after)
    return page(await find(), limit, entryOf)
  }

  async #positionOf(subjectRef: string): Promise<bigint> {
    const { position } = await this.desk.folds.load(person, subjectRef)
    if (position === undefined) throw refusedAs('NOT_FOUND')
    return position
  }
}

@ApiTags('disclosure')
@Controller()
export class DisclosureLedgerController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: 'disclosures',
    summary: 'The disclosure ledger',
    roles: rolesThatMay('READ_LEDGER', 'READ'),
    refusals: [],
    answers: LedgerPage,
  })
  all(@QueryParams() query: LedgerQuery) {
    return this.queries.execute(new ListDisclosures(query))
  }

  @Reads({
    path: 'subjects/:subjectRef/disclosures',
    summary: 'Everything that was shared about one person',
    roles: rolesThatMay('READ_LEDGER', 'READ'),
    refusals: ['NOT_FOUND'],
    answers: LedgerPage,
  })
  of(@Param('subjectRef', new UuidParam('subjectRef')) subjectRef: string, @QueryParams() query: LedgerQuery) {
    return this.queries.execute(new ListDisclosures(query, subjectRef))
  }
}
