import { Injectable } from '@nestjs/common'
import { isActiveAs } from '#domain/staff/staff'
import type { Giving, SuccessorFacts } from '#domain/staff/taking-over'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { rolesGivenBy } from '#policy/giving-roles'
import { StaffDirectory } from '../staff-directory.js'

/** Whether whoever is to take over works here as an IPS worker. */
@Injectable()
export class Successor implements Preparation<Giving, object, SuccessorFacts> {
  constructor(private readonly directory: StaffDirectory) {}

  async prepare({ input: { handOverTo }, request }: ToPrepare<Giving, object>): Promise<SuccessorFacts> {
    const successorIsWorker = handOverTo !== undefined && isActiveAs('ips-worker', await this.directory.member(handOverTo))
    return { successorIsWorker, gives: rolesGivenBy(request.actor.role) }
  }
}
