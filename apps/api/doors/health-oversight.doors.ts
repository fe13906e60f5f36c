import { Controller } from '@nestjs/common'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { healthOversight } from '#commands/health-oversight'
import { appointHealthOverseer } from '#domain/staff/appoint-health-overseer'
import { endHealthOversight } from '#domain/staff/end-health-oversight'
import { overseeingProfessions, regulators } from '#domain/staff/events'
import { overseenUntil } from '#domain/staff/health-oversight'
import { reviewHealthOversight } from '#domain/staff/review-health-oversight'
import { daysAfter } from '#kernel/instants'
import { Personal } from '#kernel/personal'
import { Reads } from '#nest/door'
import { doorOf } from '#nest/door-of'
import { OneOf } from '#nest/fields'
import { equals, listOf } from '#nest/list-of'
import { rolesThatMay } from '#policy/capabilities'
import { givenBy } from '#policy/giving-roles'
import { healthRecords } from '#read-models/health-records/projection'
import { healthRecordTable } from '#read-models/health-records/table'
import { CommandAnswer, ofStaff } from '../answers.js'
import { HealthOverseerBody, HealthOverseerEndBody, HealthReviewBody } from '../bodies/staff.js'
import { CommandDesk } from '../command-desk.js'
import { ReviewedPeople } from '../preparations/reviewed-people.js'

const tag = 'staff'

export const appointHealthOverseerDoor = doorOf(tag, appointHealthOverseer, {
  path: 'staff/:staffRef/health-oversight',
  creates: true,
  body: HealthOverseerBody,
  input: ({ registration, ...body }, ids) => ({ ...body, ...ids, registration: Personal.of(registration) }),
  facts: givenBy,
  ...ofStaff,
})
export const endHealthOversightDoor = doorOf(tag, endHealthOversight, {
  path: 'staff/:staffRef/health-oversight/end',
  body: HealthOverseerEndBody,
  facts: givenBy,
  ...ofStaff,
})

class HealthReviewAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) reviewId!: string
}
export const reviewHealthOversightDoor = doorOf(tag, reviewHealthOversight, {
  path: 'health-oversight/reviews',
  creates: true,
  body: HealthReviewBody,
  input: (body, _, mint) => ({ ...body, reviewId: mint('review') }),
  prepare: ReviewedPeople,
  answers: HealthReviewAnswer,
  answer: ({ reviewId }) => ({ reviewId }),
})

export const healthRecordList = listOf({
  operation: 'HealthRecords.list',
  tag,
  path: 'health-oversight/records',
  summary: 'Whose health data was recorded, and whether whoever oversees it has looked at it since; without personal data',
  capability: 'OVERSEE_HEALTH',
  projection: healthRecords,
  table: healthRecordTable,
  filters: { state: equals('state', OneOf(healthRecordTable.columns.state.oneOf, { optional: true })) },
})

export class HealthOverseer {
  @ApiProperty({ format: 'uuid' }) staffRef!: string
  @ApiProperty({ enum: overseeingProfessions }) profession!: string
  @ApiProperty({ enum: regulators }) regulator!: string
}
export class HealthOversightAnswer {
  @ApiProperty({ type: () => [HealthOverseer], description: 'Who oversees health data now. Nobody: see allowedUntil.' })
  overseers!: readonly HealthOverseer[]
  @ApiProperty({
    format: 'date-time',
    required: false,
    description: 'While nobody does: until when health data may be recorded and shared all the same. Without a policy on it, for good.',
  })
  allowedUntil?: string
  @ApiProperty({ format: 'date-time', required: false, description: 'When it was looked at last.' }) reviewedAt?: string
  @ApiProperty({ format: 'date-time', required: false, description: 'By when it is to be looked at next, where a policy says so.' })
  reviewDue?: string
}

@ApiTags(tag)
@Controller('health-oversight')
export class HealthOversightController {
  constructor(private readonly desk: CommandDesk) {}

  @Reads({
    path: '',
    summary: 'Who oversees health data, and what is due of them (C18)',
    roles: rolesThatMay('OVERSEE_HEALTH', 'READ'),
    refusals: [],
    answers: HealthOversightAnswer,
  })
  async now(): Promise<HealthOversightAnswer> {
    const { clock, folds, policies } = this.desk
    const now = clock.now()
    const [{ healthOversight: allowed }, { organised, members, overseers }] = await Promise.all([
      policies.inForce(now),
      healthOversight(folds, now),
    ])
    const { healthReviewedAt: reviewedAt } = organised
    return {
      overseers: overseers.flatMap(staffRef => {
        const oversees = members.get(staffRef)?.oversees
        return oversees ? [{ staffRef, profession: oversees.profession, regulator: oversees.regulator }] : []
      }),
      ...(allowed && overseers.length === 0 ? { allowedUntil: overseenUntil(organised, allowed, now) } : {}),
      ...(reviewedAt === undefined ? {} : { reviewedAt }),
      ...(allowed ? { reviewDue: daysAfter(reviewedAt ?? allowed.since, allowed.reviewEveryDays) } : {}),
    }
  }
}
