import { Controller, Query as QueryParams } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { findReferrals } from '#read-models/referral-queue/queries'
import { Reads } from '#nest/door'
import { OneOf, PolicyCode } from '#nest/fields'
import { rolesThatMay } from '#policy/capabilities'
import { PageQuery, cursorOf, page, pageLimit } from '../paging.js'
import { Reading } from '../reading.js'

class ReferralsQuery extends PageQuery {
  @OneOf(['RECEIVED', 'WANTED', 'ELIGIBLE', 'INELIGIBLE', 'DECLINED', 'ERASED'], { optional: true }) state?: string
  @PolicyCode({ optional: true }) source?: string
}

export class ReferralItem {
  @ApiProperty() referralId!: string
  @ApiProperty() subjectRef!: string
  @ApiProperty() source!: string
  @ApiProperty() channel!: string
  @ApiProperty() serviceArea!: string
  @ApiProperty() receivedAt!: string
  @ApiProperty() wish!: string
  @ApiProperty() state!: string
  @ApiProperty({ required: false }) eligibility?: string
}
export class ReferralPage {
  @ApiProperty({ type: () => [ReferralItem] }) items!: readonly ReferralItem[]
  @ApiProperty({ required: false }) next?: string
}

export class ListReferrals extends Query<ReferralPage> {
  constructor(readonly query: ReferralsQuery) {
    super()
  }
}

@QueryHandler(ListReferrals)
export class ListReferralsHandler implements IQueryHandler<ListReferrals> {
  constructor(private readonly reading: Reading) {}

  async execute({ query }: ListReferrals): Promise<ReferralPage> {
    await this.reading.upTo('referral-queue', query.after)
    const limit = pageLimit(query)
    const rows = await findReferrals(this.reading.sql, {
      state: query.state,
      source: query.source,
      after: cursorOf(query),
      limit: limit + 1,
    })
    return page(rows, limit, row => ({
      referralId: row.referral_id,
      subjectRef: row.subject_ref,
      source: row.source,
      channel: row.channel,
      serviceArea: row.service_area,
      receivedAt: row.received_at.toISOString(),
      wish: row.wish,
      state: row.state,
      ...(row.eligibility ? { eligibility: row.eligibility } : {}),
    }))
  }
}

@ApiTags('intake')
@Controller('referrals')
export class ReferralQueueController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'The referrals, without personal data',
    roles: rolesThatMay('RECEIVE_REFERRAL', 'READ'),
    refusals: [],
    answers: ReferralPage,
  })
  list(@QueryParams() query: ReferralsQuery) {
    return this.queries.execute(new ListReferrals(query))
  }
}
