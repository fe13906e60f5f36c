import { Injectable } from '@nestjs/common'
import type { DemographicsFacts, RecordDemographics } from '#domain/person/details/record-demographics'
import type { Category } from '#event-kit/scope'
import type { Preparation, ToPrepare } from '#nest/door-of'
import type { DemographicsBody } from '../bodies/details.js'
import { CommandDesk } from '../command-desk.js'
import { unknownAmong } from './by-field-schema.js'

const monitoring = 'EQUALITY_MONITORING'

/** What the field schemas say of the items, and whether the policies in force have a condition for the category. */
@Injectable()
export class DemographicsByPolicy implements Preparation<RecordDemographics, DemographicsBody, DemographicsFacts> {
  constructor(private readonly desk: CommandDesk) {}

  async check({ body }: ToPrepare<RecordDemographics, DemographicsBody>): Promise<void> {
    await this.#unknown(body)
  }

  async prepare({ body }: ToPrepare<RecordDemographics, DemographicsBody>): Promise<DemographicsFacts> {
    const { purposes, isAssessed, hasPolicyDocument } = await this.desk.policies.inForce(this.desk.clock.now())
    return {
      unknownFields: await this.#unknown(body),
      hasCondition:
        purposes.get(monitoring)?.has(body.category as Category) === true
        && isAssessed(monitoring)
        && hasPolicyDocument(monitoring, 'para-8'),
    }
  }

  async #unknown(body: DemographicsBody) {
    const now = this.desk.clock.now()
    return unknownAmong(body, await this.desk.policies.inForce(now), now)
  }
}
