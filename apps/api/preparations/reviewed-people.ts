import { Injectable } from '@nestjs/common'
import { person } from '#domain/person/person'
import type { ReviewHealthOversight, ReviewedFacts } from '#domain/staff/review-health-oversight'
import type { Preparation, ToPrepare } from '#nest/door-of'
import type { HealthReviewBody } from '../bodies/staff.js'
import { CommandDesk } from '../command-desk.js'

/** Whether everybody whose records were looked at is on record. */
@Injectable()
export class ReviewedPeople implements Preparation<ReviewHealthOversight, HealthReviewBody, ReviewedFacts> {
  constructor(private readonly desk: CommandDesk) {}

  async prepare({ input: { subjects } }: ToPrepare<ReviewHealthOversight, HealthReviewBody>): Promise<ReviewedFacts> {
    const found = await this.desk.folds.loadTogether(subjects.map(id => ({ aggregate: person, id })))
    return { allKnown: found.every(({ state }) => state.intake.referral !== undefined) }
  }
}
