import { Injectable } from '@nestjs/common'
import { wayIn } from '#commands/need-to-know'
import type { LinkRecords, OtherSeen } from '#domain/person/links/link-records'
import { person, standingOf } from '#domain/person/person'
import type { Preparation, ToPrepare } from '#nest/door-of'
import type { RequestFacts } from '#nest/request'
import { recordCapabilities } from '#policy/capabilities'
import { reachOf } from '#policy/reach'
import type { LinkBody } from '../bodies/links.js'
import { CommandDesk } from '../command-desk.js'

/** How whoever compares two records sees the other one: nobody opens a record to themselves by calling it that of somebody of theirs. */
@Injectable()
export class TheOtherRecord implements Preparation<LinkRecords, LinkBody, { readonly otherSeen: OtherSeen }> {
  constructor(private readonly desk: CommandDesk) {}

  async prepare({ input: { samePersonAs }, request }: ToPrepare<LinkRecords, LinkBody>) {
    return { otherSeen: await this.seenBy(request, samePersonAs) }
  }

  async seenBy(reader: RequestFacts, subjectRef: LinkRecords['samePersonAs']): Promise<OtherSeen> {
    const { state } = await this.desk.folds.load(person, subjectRef)
    if (!state.intake.referral || standingOf(state).erased) return 'NONE'
    const way = wayIn(state, subjectRef, reader, reachOf(reader.actor.role, recordCapabilities, 'READ'), this.desk.clock.now())
    if (way.ok) return 'OPEN'
    return way.refusal.code === 'CONFLICT_OF_INTEREST' ? 'CONFLICTED' : 'CLOSED'
  }
}
