import { Injectable } from '@nestjs/common'
import { wayIn } from '#commands/need-to-know'
import { person } from '#domain/person/person'
import type { GrantAccess, GrantFacts } from '#domain/staff/grants/grant-access'
import type { Gives } from '#domain/staff/in-charge'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { recordCapabilities } from '#policy/capabilities'
import { rolesGivenBy } from '#policy/giving-roles'
import { reachOf } from '#policy/reach'
import type { GrantBody } from '../bodies/access.js'
import { CommandDesk } from '../command-desk.js'

/** Whether the person is on record, is within reach of whoever gives, and has nothing to do with whoever gets. */
@Injectable()
export class WithinReach implements Preparation<GrantAccess, GrantBody, GrantFacts & Gives> {
  constructor(private readonly desk: CommandDesk) {}

  async prepare({ input: { subjectRef, staffRef }, request }: ToPrepare<GrantAccess, GrantBody>): Promise<GrantFacts & Gives> {
    const { state } = await this.desk.folds.load(person, subjectRef)
    const reach = reachOf(request.actor.role, recordCapabilities, 'READ')
    return {
      exists: state.intake.referral !== undefined,
      isWithinReach: wayIn(state, subjectRef, request, reach, this.desk.clock.now()).ok,
      inConflict: state.access.conflicted.has(staffRef),
      gives: rolesGivenBy(request.actor.role),
    }
  }
}
