import { Injectable } from '@nestjs/common'
import type { AcknowledgePolicy, KnownPolicies } from '#domain/staff/acknowledge-policy'
import type { Preparation } from '#nest/door-of'
import type { AcknowledgementBody } from '../bodies/staff.js'
import { CommandDesk } from '../command-desk.js'

/** Which versions were ever published of the policies for those who work here. */
@Injectable()
export class KnownStaffPolicies implements Preparation<AcknowledgePolicy, AcknowledgementBody, KnownPolicies> {
  constructor(private readonly desk: CommandDesk) {}

  async prepare(): Promise<KnownPolicies> {
    const { staffPolicies } = await this.desk.policies.published()
    return { isPublished: (policy, version) => staffPolicies.some(one => one.policy === policy && one.version === version) }
  }
}
