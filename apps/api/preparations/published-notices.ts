import { Injectable } from '@nestjs/common'
import type { Preparation } from '#nest/door-of'
import type { PublishFacts, ToPublish } from '#policy/publishing'
import { CommandDesk } from '../command-desk.js'

type Notices = Pick<PublishFacts, 'notices'>

/** Every version of the notice, also those whose time has not come: a retention policy may wait for one. */
@Injectable()
export class PublishedNotices implements Preparation<ToPublish, ToPublish, Notices> {
  constructor(private readonly desk: CommandDesk) {}

  async prepare(): Promise<Notices> {
    return { notices: (await this.desk.policies.published()).notice }
  }
}
