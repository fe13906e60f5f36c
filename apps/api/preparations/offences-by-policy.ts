import { Injectable } from '@nestjs/common'
import { type OffenceFacts, type RecordOffenceData, recordOffenceData } from '#domain/person/details/record-offence-data'
import { purposeOf } from '#decider/command'
import type { Preparation, ToPrepare } from '#nest/door-of'
import type { OffenceBody } from '../bodies/details.js'
import { CommandDesk } from '../command-desk.js'
import { unknownAmong } from './by-field-schema.js'

type Facts = Omit<OffenceFacts, 'now'>

/** What the field schemas say of the items, and whether a policy document is in force under the condition that is named. */
@Injectable()
export class OffencesByPolicy implements Preparation<RecordOffenceData, OffenceBody, Facts> {
  constructor(private readonly desk: CommandDesk) {}

  async check({ body }: ToPrepare<RecordOffenceData, OffenceBody>): Promise<void> {
    await this.#unknown(body)
  }

  async prepare({ input, body }: ToPrepare<RecordOffenceData, OffenceBody>): Promise<Facts> {
    const { hasPolicyDocument } = await this.desk.policies.inForce(this.desk.clock.now())
    return {
      unknownFields: await this.#unknown(body),
      hasPolicyDocument: hasPolicyDocument(purposeOf(recordOffenceData, input), input.condition ?? ''),
    }
  }

  async #unknown(body: OffenceBody) {
    const now = this.desk.clock.now()
    return unknownAmong(body, await this.desk.policies.inForce(now), now)
  }
}
