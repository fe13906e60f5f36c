import { Injectable } from '@nestjs/common'
import type { Gives } from '#domain/staff/in-charge'
import type { SuccessorFacts } from '#domain/staff/record-leaving'
import { isActiveAs } from '#domain/staff/staff'
import type { StaffRef } from '#kernel/id'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { rolesGivenBy } from '#policy/giving-roles'
import { StaffDirectory } from '../staff-directory.js'

type Leaving = { readonly handOverTo?: StaffRef | undefined }

/** Whether whoever is to take over works here as an IPS worker. */
@Injectable()
export class Successor implements Preparation<Leaving, object, SuccessorFacts & Gives> {
  constructor(private readonly directory: StaffDirectory) {}

  async prepare({ input: { handOverTo }, request }: ToPrepare<Leaving, object>): Promise<SuccessorFacts & Gives> {
    const successorIsWorker = handOverTo !== undefined && isActiveAs('ips-worker', await this.directory.member(handOverTo))
    return { successorIsWorker, gives: rolesGivenBy(request.actor.role) }
  }
}
